import { Cancelled } from '../qcc/error.js';
import type { Ask, Wrapper } from './ask.js';
import { Overloaded } from './error.js';

/** What the last call adds to the running mean of how long one takes. */
const NEWEST = 0.1;

interface Waiting {
  readonly enter: () => void;
  readonly signal: AbortSignal | undefined;
}

/** A fixed number of places. Who waits for one waits among those of its own operation; operations take turns. */
export class Slots {
  #free: number;
  #waiting = 0;
  /** Mean time that a place is held, in milliseconds. */
  #held = 0;
  /** In the order of their turns; the one that was served goes to the end. */
  readonly #queues = new Map<object, Waiting[]>();

  /** @param longestHoldUp milliseconds: a call that others would hold up for longer is refused */
  constructor(
    private readonly capacity: number,
    private readonly longestHoldUp: number,
  ) {
    this.#free = capacity;
  }

  /** Calls that wait. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Calls that are under way. */
  get taken(): number {
    return this.capacity - this.#free;
  }

  /** For how long the calls of others would hold up so many of one operation, in milliseconds. */
  holdUp(calls: number): number {
    return (Math.min(this.#waiting, calls * this.#queues.size) * this.#held) / this.capacity;
  }

  /** @throws Overloaded where so many calls would be held up for longer than half of what one may be */
  mustTake(calls: number): void {
    const holdUp = this.holdUp(calls);
    if (holdUp > this.longestHoldUp / 2) throw new Overloaded(Math.ceil(holdUp / 1000));
  }

  /** @throws Cancelled where `signal` fires while waiting, Overloaded where the wait would be too long */
  take(operation: object, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(new Cancelled());
    if (this.#free > 0) {
      this.#free -= 1;
      return Promise.resolve();
    }
    const holdUp = this.#queues.has(operation) ? 0 : this.holdUp(1);
    if (holdUp > this.longestHoldUp) return Promise.reject(new Overloaded(Math.ceil(holdUp / 1000)));
    this.#waiting += 1;
    return new Promise((resolve, reject) => {
      const leave = () => {
        const queue = this.#queues.get(operation)?.filter((other) => other !== waiting) ?? [];
        if (queue.length > 0) this.#queues.set(operation, queue);
        else this.#queues.delete(operation);
        this.#waiting -= 1;
        reject(new Cancelled());
      };
      const waiting: Waiting = {
        signal,
        enter: () => {
          signal?.removeEventListener('abort', leave);
          resolve();
        },
      };
      signal?.addEventListener('abort', leave, { once: true });
      const queue = this.#queues.get(operation);
      if (queue) queue.push(waiting);
      else this.#queues.set(operation, [waiting]);
    });
  }

  /** @param held milliseconds that the place was held */
  release(held: number): void {
    this.#held += (held - this.#held) * (this.#held === 0 ? 1 : NEWEST);
    for (const [operation, queue] of this.#queues) {
      const next = queue.shift();
      this.#queues.delete(operation);
      if (queue.length > 0) this.#queues.set(operation, queue);
      if (next) {
        this.#waiting -= 1;
        next.enter();
        return;
      }
    }
    this.#free += 1;
  }
}

/** Holds a slot for as long as an attempt is waited for: not during a backoff, and not for what comes late. */
export function slotted(slots: Slots): Wrapper {
  return (next): Ask =>
    async (call, by) => {
      await slots.take(by.operation, by.signal);
      const began = performance.now();
      try {
        return await next(call, by);
      } finally {
        slots.release(performance.now() - began);
      }
    };
}
