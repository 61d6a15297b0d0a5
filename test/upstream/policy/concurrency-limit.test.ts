import { Cancelled } from '../../../src/qcc/error.js';
import { Cancellation } from '../../../src/qcc/wire/cancellation.js';
import { Overloaded } from '../../../src/upstream/errors.js';
import { ConcurrencyLimit } from '../../../src/upstream/policy/concurrency-limit.js';

describe('the concurrency limit', () => {
  it('finishes the oldest operation first, and gives every other slot to small ones', async () => {
    const limit = new ConcurrencyLimit(1, 600_000);
    const [a, b, small, more] = [{}, {}, {}, {}];
    for (const large of [a, b]) limit.admit(large, 100, `${large === a}`);
    const order: string[] = [];
    await limit.take({});
    const waiting = [
      ...['a1', 'a2', 'a3'].map((name) => limit.take(a).then(() => order.push(name))),
      ...['b1', 'b2'].map((name) => limit.take(b).then(() => order.push(name))),
      ...['s1', 's2'].map((name) => limit.take(small).then(() => order.push(name))),
      limit.take(more).then(() => order.push('m1')),
    ];
    for (const _ of waiting) limit.release(1);
    await Promise.all(waiting);
    expect(order).toEqual(['s1', 'a1', 's2', 'a2', 'm1', 'a3', 'b1', 'b2']);
  });

  it('gives every eighth slot to the second oldest operation, which so reads its pages before the oldest one ends', async () => {
    const limit = new ConcurrencyLimit(1, 600_000);
    const [a, b, c] = [{}, {}, {}];
    for (const [index, operation] of [a, b, c].entries()) limit.admit(operation, 100, String(index));
    const order: string[] = [];
    await limit.take({});
    const take = (name: string, operation: object) => limit.take(operation).then(() => order.push(name));
    const waiting = [
      ...Array.from({ length: 15 }, () => take('a', a)),
      ...Array.from({ length: 3 }, () => take('b', b)),
      take('c', c),
    ];
    for (const _ of waiting) limit.release(1);
    await Promise.all(waiting);
    expect(order.join('')).toBe('aaaaaaabaaaaaaababc');
  });

  it('admits of a first burst what can be answered in time, if calls take 200 ms', () => {
    const limit = new ConcurrencyLimit(10, 20_000);
    const admitted = Array.from({ length: 200 }, (_, index) => {
      try {
        return limit.admit({}, 105, String(index));
      } catch (error) {
        expect(error).toBeInstanceOf(Overloaded);
        return undefined;
      }
    });
    expect(admitted.filter(Boolean)).toHaveLength(9);
  });

  it('admits operations of each size by the calls that they may make, and one in any case', async () => {
    const limit = new ConcurrencyLimit(1, 1000);
    await limit.take({});
    // 400 ms a call: half of the slots make 0.625 calls in half a second.
    limit.release(400);
    const admit = (calls: number, identity = String(Math.random())) => limit.admit({}, calls, identity);
    const leave = admit(200);
    expect(() => admit(100)).toThrow(Overloaded);
    expect(() => admit(0)).not.toThrow();
    admit(20);
    expect(() => admit(1)).toThrow(Overloaded);
    leave();
    leave();
    const last = admit(100, 'same');
    expect(() => admit(100)).toThrow(Overloaded);
    // The same answers are bought once.
    const lastToo = admit(100, 'same');
    last();
    expect(() => admit(100)).toThrow(Overloaded);
    lastToo();
    expect(() => admit(100)).not.toThrow();
  });

  it('refuses a call that has waited too long', async () => {
    let time = 0;
    const limit = new ConcurrencyLimit(1, 1000, () => time);
    await limit.take({});
    const long = {};
    const waiting = [limit.take(long), limit.take(long)];
    time = 900;
    limit.release(900);
    await waiting[0];
    const late = limit.take({});
    time = 1850;
    limit.release(950);
    await waiting[1];
    time = 2000;
    limit.release(150);
    await expect(late).rejects.toThrow(Overloaded);
    await limit.take({});
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
