import fc from 'fast-check';
import { RateLimiter } from '../../../src/http/auth/rate-limiter.js';
import { RequestError } from '../../../src/http/request-error.js';
import { propertyRuns } from '../../support/property-runs.js';

/** An asynchronous counter that several processes share. */
function sharedCounter() {
  let counted = 0;
  let accesses = 0;
  return {
    count: async (_window: string, _client: string, more: number) => {
      accesses += 1;
      counted += more;
      const result = counted;
      await new Promise((resolve) => setImmediate(resolve));
      return result;
    },
    accesses: () => accesses,
  };
}

/** Sends operations at once, spread over the limiters. Resolves with how many were allowed. */
async function countAllowed(limiters: readonly RateLimiter[], count: number): Promise<number> {
  const results = await Promise.allSettled(
    Array.from({ length: count }, async (_, index) => limiters[index % limiters.length]?.consume('shop')),
  );
  const failures = results.filter(
    (result) => result.status === 'rejected' && !(result.reason instanceof RequestError),
  );
  expect(failures).toEqual([]);
  return results.filter(({ status }) => status === 'fulfilled').length;
}

describe('a rate limit', () => {
  it('allows exactly its number of operations in one process, in whatever bursts they arrive', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 500 }),
        fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 8 }),
        async (operations, bursts) => {
          const limiter = new RateLimiter({ operations, span: 60_000 }, sharedCounter().count, () => 0);
          let allowed = 0;
          for (const burst of bursts) allowed += await countAllowed([limiter], burst);
          const sent = bursts.reduce((sum, burst) => sum + burst, 0);
          expect(allowed).toBe(Math.min(operations, sent));
        },
      ),
      { numRuns: propertyRuns(50, 20) },
    );
  });

  it('is never exceeded by several processes together, and nearly reached', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 1000 }),
        fc.integer({ min: 2, max: 4 }),
        async (operations, processes) => {
          const { count } = sharedCounter();
          const limiters = Array.from(
            { length: processes },
            () => new RateLimiter({ operations, span: 60_000 }, count, () => 0),
          );
          let allowed = 0;
          for (let burst = 0; burst < 6; burst += 1) allowed += await countAllowed(limiters, operations);
          expect(allowed).toBeLessThanOrEqual(operations);
          expect(allowed).toBeGreaterThanOrEqual(Math.floor(operations * (1 - processes / 64)) - processes);
        },
      ),
      { numRuns: propertyRuns(20, 8) },
    );
  });

  it('rarely accesses the shared counter while much is left', async () => {
    const { count, accesses } = sharedCounter();
    const limiter = new RateLimiter({ operations: 100_000, span: 60_000 }, count, () => 0);
    for (let number = 0; number < 640; number += 1) await limiter.consume('shop');
    expect(accesses()).toBeLessThanOrEqual(11);
  });

  it('counts locally while the shared counter fails', async () => {
    const lost = async () => Promise.reject(new Error('lost'));
    const limiter = new RateLimiter({ operations: 5, span: 60_000 }, lost, () => 0);
    expect(await countAllowed([limiter], 20)).toBe(5);
  });
});
