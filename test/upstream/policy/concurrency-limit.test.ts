import { Cancelled } from '../../../src/qcc/error.js';
import { Cancellation } from '../../../src/qcc/wire/cancellation.js';
import { ConcurrencyLimit } from '../../../src/upstream/policy/concurrency-limit.js';

describe('the concurrency limit', () => {
  it('gives limit to waiting operations in turn', async () => {
    const limit = new ConcurrencyLimit(1, 60_000);
    const [a, b] = [{}, {}];
    const order: string[] = [];
    await limit.take(a);
    const waiting = [
      ...['a1', 'a2', 'a3'].map((name) => limit.take(a).then(() => order.push(name))),
      ...['b1', 'b2'].map((name) => limit.take(b).then(() => order.push(name))),
    ];
    for (const _ of waiting) limit.release(1);
    await Promise.all(waiting);
    expect(order).toEqual(['a1', 'b1', 'a2', 'b2', 'a3']);
  });

  it('removes a cancelled call from the queue', async () => {
    const limit = new ConcurrencyLimit(1, 60_000);
    const gone = new Cancellation();
    await limit.take({});
    const left = limit.take({}, gone);
    gone.cancel();
    await expect(left).rejects.toThrow(Cancelled);
    limit.release(1);
    await limit.take({});
    await expect(limit.take({}, gone)).rejects.toThrow(Cancelled);
  });
});
