import { Cancelled } from '../qcc/error.js';
import type { Cancellation } from '../qcc/wire/cancellation.js';
import { Overloaded } from './errors.js';
import type { Handler, Middleware } from './handler.js';

/** What the last call adds to the running mean of how long one takes. */
const NEWEST = 0.1;

interface Waiting {
  readonly enter: () => void;
  readonly refuse: (error: Error) => void;
}

/** The calls of one operation that wait, and since when it has had no turn. */
interface Queue {
  readonly calls: Waiting[];
  readonly since: number;
}

/** A fixed number of places. Who waits for one waits among those of its own operation; operations take turns. */
export class ConcurrencyLimit {
  #free: number;
  #waiting = 0;
  /** Mean time that a place is held, in milliseconds. */
  #held = 0;
  /** In the order of their turns; the one that was served goes to the end. */
  readonly #queues = new Map<object, Queue>();

  /**
   * @param longestHoldUp milliseconds: a call that others would hold up for longer is refused, or that they have
   * @param now milliseconds, any origin
   */
  constructor(
    private readonly capacity: number,
    private readonly longestHoldUp: number,
    private readonly now: () => number = () => performance.now(),
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
  assertCapacity(calls: number): void {
    if (this.holdUp(calls) > this.longestHoldUp / 2) throw this.#overloaded();
  }

  /** @throws Cancelled where the asker leaves while it waits, Overloaded where the wait is too long, or would be */
  take(operation: object, cancellation?: Cancellation): Promise<void> {
    if (cancellation?.cancelled) return Promise.reject(new Cancelled());
    if (this.#free > 0) {
      this.#free -= 1;
      return Promise.resolve();
    }
    const queue = this.#queues.get(operation) ?? { calls: [], since: this.now() };
    if (queue.calls.length === 0 && this.holdUp(1) > this.longestHoldUp) {
      return Promise.reject(this.#overloaded());
    }
    return new Promise((resolve, reject) => {
      const leave = () => {
        const left = this.#queues.get(operation);
        if (left)
          this.#keep(
            operation,
            left.calls.filter((other) => other !== waiting),
            left.since,
          );
        this.#waiting -= 1;
        reject(new Cancelled());
      };
      const waiting: Waiting = {
        enter: () => {
          stay?.();
          resolve();
        },
        refuse: (error) => {
          stay?.();
          reject(error);
        },
      };
      const stay = cancellation?.onCancel(leave);
      queue.calls.push(waiting);
      this.#queues.set(operation, queue);
      this.#waiting += 1;
    });
  }

  /** @param held milliseconds that the place was held */
  release(held: number): void {
    this.#held += (held - this.#held) * (this.#held === 0 ? 1 : NEWEST);
    for (const [operation, { calls, since }] of this.#queues) {
      const [next, ...others] = calls;
      if (next === undefined) continue;
      const late = this.now() - since > this.longestHoldUp;
      this.#waiting -= 1;
      this.#queues.delete(operation);
      this.#keep(operation, others, this.now());
      if (!late) {
        next.enter();
        return;
      }
      next.refuse(this.#overloaded());
    }
    this.#free += 1;
  }

  #keep(operation: object, calls: Waiting[], since: number): void {
    if (calls.length > 0) this.#queues.set(operation, { calls, since });
    else this.#queues.delete(operation);
  }

  /** Until what waits will have been worked off, as it looks now; not for longer than anything is waited for. */
  #overloaded(): Overloaded {
    const drained = Math.min((this.#waiting * this.#held) / this.capacity, this.longestHoldUp);
    return new Overloaded(Math.max(1, Math.ceil(drained / 1000)));
  }
}

/** Holds a slot for as long as an attempt is waited for: not during a backoff, and not for what comes late. */
export function slotted(slots: ConcurrencyLimit): Middleware {
  return (next): Handler =>
    async (call, by) => {
      await slots.take(by.operation, by.cancellation);
      const began = performance.now();
      try {
        return await next(call, by);
      } finally {
        slots.release(performance.now() - began);
      }
    };
}
