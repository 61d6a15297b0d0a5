import fc from 'fast-check';
import { RateLimiter } from '../../../src/http/auth/rate-limiter.js';
import { RequestError } from '../../../src/http/request-error.js';

/** A counter that several processes share, and that takes a moment. */
function sharedCounter() {
  let counted = 0;
  let asked = 0;
  return {
    count: async (_window: string, _client: string, more: number) => {
      asked += 1;
      counted += more;
      const stands = counted;
      await new Promise((resolve) => setImmediate(resolve));
      return stands;
    },
    asked: () => asked,
  };
}

/** How many of so many operations at once get through. */
async function letThrough(limiters: readonly RateLimiter[], count: number): Promise<number> {
  const taken = await Promise.allSettled(
    Array.from({ length: count }, async (_, index) => limiters[index % limiters.length]?.consume('shop')),
  );
  for (const one of taken) if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(RequestError);
  return taken.filter(({ status }) => status === 'fulfilled').length;
}

describe('a rate limit', () => {
  it('lets exactly its number through one process, however they come', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 500 }),
        fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 8 }),
        async (operations, bursts) => {
          const limiter = new RateLimiter({ operations, span: 60_000 }, sharedCounter().count, () => 0);
          let through = 0;
          for (const burst of bursts) through += await letThrough([limiter], burst);
          const asked = bursts.reduce((sum, burst) => sum + burst, 0);
          expect(through).toBe(Math.min(operations, asked));
        },
      ),
    );
  });

  it('never lets more through several processes together, and little less', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 2000 }),
        fc.integer({ min: 2, max: 4 }),
        async (operations, processes) => {
          const { count } = sharedCounter();
          const limiters = Array.from(
            { length: processes },
            () => new RateLimiter({ operations, span: 60_000 }, count, () => 0),
          );
          let through = 0;
          for (let burst = 0; burst < 6; burst += 1) through += await letThrough(limiters, operations);
          expect(through).toBeLessThanOrEqual(operations);
          expect(through).toBeGreaterThanOrEqual(Math.floor(operations * (1 - processes / 64)) - processes);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('asks the counter seldom while there is much left', async () => {
    const { count, asked } = sharedCounter();
    const limiter = new RateLimiter({ operations: 100_000, span: 60_000 }, count, () => 0);
    for (let number = 0; number < 640; number += 1) await limiter.consume('shop');
    expect(asked()).toBeLessThanOrEqual(11);
  });

  it('counts alone while the others cannot be asked', async () => {
    const lost = async () => Promise.reject(new Error('lost'));
    const limiter = new RateLimiter({ operations: 5, span: 60_000 }, lost, () => 0);
    expect(await letThrough([limiter], 20)).toBe(5);
  });
});
