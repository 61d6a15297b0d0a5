import { createYieldToEventLoop } from '../../src/graphql/yield-to-event-loop.js';

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/** Processes so many cases one by one. Gives how many were processed in each turn of the event loop. */
async function casesPerTurn(cases: number): Promise<number[]> {
  const yieldToEventLoop = createYieldToEventLoop();
  const counts: number[] = [];
  let count = 0;
  let remaining = cases;
  const done = Promise.all(
    Array.from({ length: cases }, async () => {
      const pause = yieldToEventLoop();
      if (pause) await pause;
      count += 1;
      remaining -= 1;
    }),
  );
  const endTurn = () => {
    counts.push(count);
    count = 0;
  };
  endTurn();
  while (remaining > 0) {
    await nextTurn();
    endTurn();
  }
  await done;
  return counts.filter((processed) => processed > 0);
}

describe('yieldToEventLoop', () => {
  it('lets a small operation finish in one turn', async () => {
    expect(await casesPerTurn(20)).toEqual([20]);
  });

  it('processes at most 50 cases of a large operation in one turn, and loses none', async () => {
    const counts = await casesPerTurn(1234);
    expect(counts.reduce((sum, processed) => sum + processed)).toBe(1234);
    expect(Math.max(...counts)).toBeLessThanOrEqual(50);
  });

  it('counts a window by its rows, and resumes windows in the order of their calls', async () => {
    const yieldToEventLoop = createYieldToEventLoop();
    const order: number[] = [];
    const windows = [100, 30, 100].map(async (rows, index) => {
      const pause = yieldToEventLoop(rows);
      if (pause) await pause;
      order.push(index);
    });
    await Promise.resolve();
    expect(order).toEqual([0]);
    await Promise.all(windows);
    expect(order).toEqual([0, 1, 2]);
    // Two idle turns later a turn has room again.
    await nextTurn();
    await nextTurn();
    expect(yieldToEventLoop(50)).toBeUndefined();
  });
});
