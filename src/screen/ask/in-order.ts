export interface Concurrency {
  /** How much work runs at once. */
  readonly inFlight: number;
  /** How many results, finished or not, may be ahead of the one that is waited for. */
  readonly ahead: number;
}

interface Started<R> {
  readonly result: Promise<R>;
  settled: boolean;
}

/**
 * Works on several items at once, and yields the results in the order of the items. No more than `ahead` results are held.
 *
 * @throws what `work` throws, once the results before it have been yielded and all work that was started has ended
 */
export async function* inOrder<T, R>(
  items: Iterable<T>,
  { inFlight, ahead }: Concurrency,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const iterator = items[Symbol.iterator]();
  const queue: Started<R>[] = [];
  let active = 0;
  let isExhausted = false;
  let wake: () => void = () => undefined;

  const start = (item: T) => {
    active += 1;
    const started: Started<R> = {
      settled: false,
      result: work(item).finally(() => {
        active -= 1;
        started.settled = true;
        wake();
      }),
    };
    // It is awaited when its turn comes.
    started.result.catch(() => undefined);
    queue.push(started);
  };

  try {
    for (;;) {
      while (!isExhausted && active < inFlight && queue.length < ahead) {
        const next = iterator.next();
        if (next.done) isExhausted = true;
        else start(next.value);
      }
      const [head] = queue;
      if (head === undefined) return;
      if (head.settled) {
        queue.shift();
        yield await head.result;
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    await Promise.allSettled(queue.map(({ result }) => result));
  }
}
