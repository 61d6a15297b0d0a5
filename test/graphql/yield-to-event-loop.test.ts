import { Turns } from '../../src/graphql/yield-to-event-loop.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Asks for so many cases, one by one, and gives how many could be worked on in each turn of the event loop. */
async function shares(cases: number): Promise<number[]> {
  const turns = new Turns();
  const counts: number[] = [];
  let count = 0;
  let left = cases;
  const done = Promise.all(
    Array.from({ length: cases }, async () => {
      const later = turns.take();
      if (later) await later;
      count += 1;
      left -= 1;
    }),
  );
  const note = () => {
    counts.push(count);
    count = 0;
  };
  note();
  while (left > 0) {
    await turn();
    note();
  }
  await done;
  return counts.filter((share) => share > 0);
}

describe('the turns of an operation', () => {
  it('let a small one do all it has to in one', async () => {
    expect(await shares(20)).toEqual([20]);
  });

  it('part a large one into shares of at most 50 cases, and lose none of them', async () => {
    const counts = await shares(1234);
    expect(counts.reduce((sum, share) => sum + share)).toBe(1234);
    expect(Math.max(...counts)).toBeLessThanOrEqual(50);
  });

  it('count a window by its rows, in the order in which they came', async () => {
    const turns = new Turns();
    const order: number[] = [];
    const windows = [100, 30, 100].map(async (rows, index) => {
      const later = turns.take(rows);
      if (later) await later;
      order.push(index);
    });
    await Promise.resolve();
    expect(order).toEqual([0]);
    await Promise.all(windows);
    expect(order).toEqual([0, 1, 2]);
    // The share is whole again, for whoever comes after a pause.
    await turn();
    await turn();
    expect(turns.take(50)).toBeUndefined();
  });
});
