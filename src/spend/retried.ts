import { setTimeout as sleep } from 'node:timers/promises';
import { Deadline } from '../qcc/deadline.js';
import { Cancelled, QccError } from '../qcc/error.js';
import { statusRule } from '../qcc/statuses.js';
import type { Ask, Wrapper } from './ask.js';

/** Milliseconds, and as a share of the deadline: three attempts must fit into a short one too. */
const FIRST_BACKOFF = 300;
const FIRST_BACKOFF_SHARE = 0.1;
const ATTEMPTS_TO_CONNECT = 3;

/**
 * How long to wait, in milliseconds, before asking again; undefined: do not. Only refusals that QCC's table lets repeat
 * and requests that never left are repeated: anything else might be paid for twice.
 *
 * @param attempt how many attempts have been made
 * @param span milliseconds that all attempts share
 * @param random between 0 and 1, spreads the backoff over its upper half
 */
export function retryDelay(
  error: unknown,
  attempt: number,
  span: number,
  random: number,
): number | undefined {
  if (!(error instanceof QccError)) return undefined;
  const status = error.upstream?.status ?? null;
  const retries = error.neverSent
    ? ATTEMPTS_TO_CONNECT - 1
    : status === null
      ? 0
      : (statusRule(status).retries ?? 0);
  if (attempt > retries) return undefined;
  return Math.min(FIRST_BACKOFF, span * FIRST_BACKOFF_SHARE) * 2 ** (attempt - 1) * (0.5 + random / 2);
}

/** Asks again where that is safe, inside one deadline of `span` milliseconds for all attempts. */
export function retried(span: number): Wrapper {
  return (next): Ask =>
    async (call, by) => {
      const deadline = new Deadline(span);
      for (let attempt = 1; ; attempt++) {
        try {
          return await next(call, { ...by, deadline });
        } catch (error) {
          const delay = retryDelay(error, attempt, span, Math.random());
          if (delay === undefined || delay >= deadline.left) throw error;
          await sleep(delay, undefined, by.signal ? { signal: by.signal } : {}).catch(() => {
            throw new Cancelled();
          });
        }
      }
    };
}
