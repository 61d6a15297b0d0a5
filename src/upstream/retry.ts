import { QccError } from '../qcc/error.js';
import { statusRule } from '../qcc/statuses.js';
import { waitFor } from '../qcc/wire/cancellation.js';
import { Deadline } from '../qcc/wire/deadline.js';
import type { Handler, Middleware } from './handler.js';

/** Milliseconds, and as a share of the deadline: three attempts must fit into a short one too. */
const FIRST_BACKOFF = 300;
const FIRST_BACKOFF_SHARE = 0.1;
const ATTEMPTS_TO_CONNECT = 3;
/** Retries that a quiet time has in store, and what each answer adds to it. */
const RETRIES_IN_STORE = 20;
const RETRIES_PER_ANSWER = 0.1;

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

/** Retries for all: in an outage they are soon used up, so that it never multiplies what is asked. */
export class RetryBudget {
  #left = RETRIES_IN_STORE;

  answered(): void {
    this.#left = Math.min(RETRIES_IN_STORE, this.#left + RETRIES_PER_ANSWER);
  }

  /** Takes one retry. Gives false where none is left. */
  take(): boolean {
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}

/** Asks again where that is safe, inside one deadline of `span` milliseconds for all attempts. */
export function retried(span: number, budget = new RetryBudget()): Middleware {
  return (next): Handler =>
    async (call, by) => {
      const deadline = new Deadline(span);
      for (let attempt = 1; ; attempt++) {
        try {
          const answer = await next(call, { ...by, deadline });
          budget.answered();
          return answer;
        } catch (error) {
          const delay = retryDelay(error, attempt, span, Math.random());
          if (delay === undefined || delay >= deadline.left || !budget.take()) throw error;
          await waitFor(delay, by.cancellation);
        }
      }
    };
}
