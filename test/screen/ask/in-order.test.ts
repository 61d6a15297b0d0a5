import { inOrder } from '../../../src/screen/ask/in-order.js';

/** Work that a test ends, item by item. */
function heldWork() {
  const started: number[] = [];
  const ends = new Map<number, PromiseWithResolvers<string>>();
  const endOf = (item: number) => {
    const end = ends.get(item) ?? withResolvers();
    ends.set(item, end);
    return end;
  };
  return {
    started,
    endOf,
    work: (item: number) => {
      started.push(item);
      return endOf(item).promise;
    },
  };
}

interface PromiseWithResolvers<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
}

/** (`Promise.withResolvers` came with Node 22.) */
function withResolvers(): PromiseWithResolvers<string> {
  let [resolve, reject]: [(value: string) => void, (error: Error) => void] = [
    () => undefined,
    () => undefined,
  ];
  const promise = new Promise<string>((onValue, onError) => {
    [resolve, reject] = [onValue, onError];
  });
  return { promise, resolve, reject };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('inOrder', () => {
  it('yields in the order of the items, whichever ends first', async () => {
    const { started, endOf, work } = heldWork();
    const results = inOrder([1, 2, 3], { inFlight: 2, ahead: 3 }, work);
    const first = results.next();
    await turn();
    expect(started).toEqual([1, 2]);
    endOf(2).resolve('two');
    await turn();
    expect(started).toEqual([1, 2, 3]);
    endOf(1).resolve('one');
    endOf(3).resolve('three');
    expect([await first, await results.next(), await results.next(), await results.next()]).toEqual([
      { value: 'one', done: false },
      { value: 'two', done: false },
      { value: 'three', done: false },
      { value: undefined, done: true },
    ]);
  });

  it('starts no more work while so many results wait for the first', async () => {
    const { started, endOf, work } = heldWork();
    const results = inOrder([1, 2, 3, 4], { inFlight: 2, ahead: 3 }, work);
    const first = results.next();
    endOf(2).resolve('two');
    endOf(3).resolve('three');
    await turn();
    expect(started).toEqual([1, 2, 3]);
    endOf(1).resolve('one');
    endOf(4).resolve('four');
    await first;
    for await (const _ of results);
    expect(started).toEqual([1, 2, 3, 4]);
  });

  it('waits for all work that it started before it rejects', async () => {
    const { endOf, work } = heldWork();
    const results = inOrder([1, 2], { inFlight: 2, ahead: 2 }, work);
    let settled = false;
    const first = results.next().finally(() => {
      settled = true;
    });
    first.catch(() => undefined);
    endOf(1).reject(new Error('lost'));
    await turn();
    expect(settled).toBe(false);
    endOf(2).resolve('two');
    await expect(first).rejects.toThrow('lost');
  });
});
