import { QccError } from '../qcc/error.js';
import { statusRule } from '../qcc/statuses.js';
import { waitFor } from '../qcc/wire/cancellation.js';
import { Deadline } from '../qcc/wire/deadline.js';
import type { Middleware } from './handler.js';

/** The first backoff in milliseconds, and at most this share of the deadline: three attempts must fit into a short one too. */
const FIRST_BACKOFF = 300;
const FIRST_BACKOFF_SHARE = 0.1;
const MAX_CONNECT_ATTEMPTS = 3;

/**
 * How long to wait before the next attempt, in milliseconds; undefined: make none. Only refusals that the table of statuses
 * lets the gateway repeat and requests that never left are repeated: anything else might be paid for twice.
 *
 * @param attempt how many attempts have been made
 * @param deadline milliseconds that all attempts share
 * @param random between 0 and 1, spreads the backoff over its upper half
 */
export function retryDelay(
  error: unknown,
  attempt: number,
  deadline: number,
  random: number,
): number | undefined {
  if (!(error instanceof QccError) || attempt > maxRetries(error)) return undefined;
  const first = Math.min(FIRST_BACKOFF, deadline * FIRST_BACKOFF_SHARE);
  return first * 2 ** (attempt - 1) * (0.5 + random / 2);
}

function maxRetries(error: QccError): number {
  if (error.neverSent) return MAX_CONNECT_ATTEMPTS - 1;
  const status = error.upstream?.status ?? null;
  return status === null ? 0 : (statusRule(status).retries ?? 0);
}

/** Repeats failed attempts where that is safe. All attempts share one deadline of `duration` milliseconds. */
export function retry(duration: number): Middleware {
  return (next) => async (call, context) => {
    const deadline = new Deadline(duration);
    for (let attempt = 1; ; attempt++) {
      try {
        return await next(call, { ...context, deadline });
      } catch (error) {
        const delay = retryDelay(error, attempt, duration, Math.random());
        if (delay === undefined || delay >= deadline.left) throw error;
        await waitFor(delay, context.cancellation);
      }
    }
  };
}
