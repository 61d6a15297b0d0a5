import { QccError } from '../qcc/error.js';
import type { CallOf, MethodName } from '../qcc/methods.js';
import { statusRule } from '../qcc/statuses.js';
import type { Ask, Wrapper } from './ask.js';
import { questionOf } from './question.js';

const MOST = 10_000;

interface Remembered {
  readonly error: QccError;
  readonly until: number;
}

/**
 * Repeats a billed refusal to whoever asks the same question while it holds, instead of buying it again. Keys are the
 * exact question, made before it is signed.
 */
export function remembered(now: () => number = Date.now): Wrapper {
  const refusals = new Map<string, Remembered>();

  return (next): Ask =>
    async <M extends MethodName>(call: CallOf<M>, by: Parameters<Ask>[1]) => {
      const key = questionOf<M>(call);
      const known = refusals.get(key);
      if (known && known.until > now()) {
        by.meter.cached += 1;
        throw repeated(known, now());
      }
      refusals.delete(key);
      try {
        return await next<M>(call, by);
      } catch (error) {
        const seconds = error instanceof QccError ? memoryOf(error) : undefined;
        if (error instanceof QccError && seconds !== undefined) {
          refusals.set(key, { error, until: now() + seconds * 1000 });
          for (const oldest of refusals.keys()) {
            if (refusals.size <= MOST) break;
            refusals.delete(oldest);
          }
        }
        throw error;
      }
    };
}

function memoryOf(error: QccError): number | undefined {
  const status = error.upstream?.status ?? null;
  return error.asked && status !== null ? statusRule(status).rememberedFor : undefined;
}

function repeated({ error, until }: Remembered, now: number): QccError {
  if (error.retryAfter === undefined) return error;
  return new QccError(error.code, error.message, {
    retryable: error.retryable,
    retryAfter: Math.ceil((until - now) / 1000),
    ...(error.upstream ? { upstream: error.upstream } : {}),
  });
}
