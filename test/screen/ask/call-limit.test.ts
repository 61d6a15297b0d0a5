import { CallLimit } from '../../../src/screen/ask/call-limit.js';

describe('the limit of calls', () => {
  it('gives what an operation asks for, then what is left', async () => {
    const limit = new CallLimit(12);
    expect(await limit.take(10)).toBe(10);
    limit.release(0);
    expect(await limit.take(10)).toBe(2);
    limit.release(0);
    expect(await limit.take(10)).toBe(0);
  });

  it('waits for the operations in flight where less is left than asked for', async () => {
    const limit = new CallLimit(12);
    await limit.take(10);
    const second = limit.take(10);
    let taken: number | undefined;
    void second.then((calls) => {
      taken = calls;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(taken).toBeUndefined();
    // All of the first operation was held.
    limit.release(10);
    expect(await second).toBe(10);
  });
});
