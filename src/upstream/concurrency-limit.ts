import type { Middleware } from './handler.js';
import type { ConcurrencyLimit } from './policy/concurrency-limit.js';

/** Holds a slot while an attempt is waited for: not during a backoff, and not for a late answer. */
export function concurrencyLimit(limit: ConcurrencyLimit): Middleware {
  return (next) => async (call, context) => {
    await limit.take(context.operation, context.cancellation);
    const began = performance.now();
    try {
      return await next(call, context);
    } finally {
      limit.release(performance.now() - began);
    }
  };
}
