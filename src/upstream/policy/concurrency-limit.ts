import { Cancelled } from '../../qcc/error.js';
import type { Cancellation } from '../../qcc/wire/cancellation.js';
import { Overloaded } from '../errors.js';

/** The weight of the latest call in the running mean of how long a slot is held. */
const LATEST_WEIGHT = 0.1;

interface QueuedCall {
  readonly admit: () => void;
  readonly refuse: (error: Error) => void;
}

/** The queued calls of one operation, and since when the operation has had no slot. */
interface OperationQueue {
  readonly calls: QueuedCall[];
  readonly since: number;
}

/** A fixed number of slots. Calls queue by operation, and operations take turns, so that a long list starves nobody. */
export class ConcurrencyLimit {
  #free: number;
  #waiting = 0;
  /** Mean time that a slot is held, in milliseconds. */
  #meanHold = 0;
  /** In the order of their turns; an operation that got a slot moves to the end. */
  readonly #queues = new Map<object, OperationQueue>();

  /**
   * @param capacity the number of slots
   * @param maxDelay milliseconds: a call that others would delay for longer, or have, is refused
   * @param now milliseconds, any origin
   */
  constructor(
    private readonly capacity: number,
    private readonly maxDelay: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#free = capacity;
  }

  /** Calls that are queued. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Calls that hold a slot. */
  get active(): number {
    return this.capacity - this.#free;
  }

  /** How long other operations would delay this many calls of one operation, in milliseconds. */
  delayFor(calls: number): number {
    return (Math.min(this.#waiting, calls * this.#queues.size) * this.#meanHold) / this.capacity;
  }

  /** @throws Overloaded where this many calls would be delayed for more than half the maximum */
  assertCapacity(calls: number): void {
    if (this.delayFor(calls) > this.maxDelay / 2) throw this.#overloaded();
  }

  /** @throws Cancelled where the caller disconnects while it waits; Overloaded where the wait is, or would be, too long */
  take(operation: object, cancellation?: Cancellation): Promise<void> {
    if (cancellation?.cancelled) return Promise.reject(new Cancelled());
    if (this.#free > 0) {
      this.#free -= 1;
      return Promise.resolve();
    }
    const queue = this.#queues.get(operation) ?? { calls: [], since: this.now() };
    if (queue.calls.length === 0 && this.delayFor(1) > this.maxDelay) {
      return Promise.reject(this.#overloaded());
    }
    return new Promise((resolve, reject) => {
      const queued: QueuedCall = {
        admit: () => {
          unsubscribe?.();
          resolve();
        },
        refuse: (error) => {
          unsubscribe?.();
          reject(error);
        },
      };
      const unsubscribe = cancellation?.onCancel(() => {
        this.#remove(operation, queued);
        reject(new Cancelled());
      });
      queue.calls.push(queued);
      this.#queues.set(operation, queue);
      this.#waiting += 1;
    });
  }

  /** Frees a slot, or gives it to the next queued call. @param held milliseconds that it was held */
  release(held: number): void {
    this.#meanHold += (held - this.#meanHold) * (this.#meanHold === 0 ? 1 : LATEST_WEIGHT);
    for (const [operation, { calls, since }] of this.#queues) {
      const [next, ...others] = calls;
      if (next === undefined) continue;
      const isLate = this.now() - since > this.maxDelay;
      this.#waiting -= 1;
      this.#queues.delete(operation);
      this.#replace(operation, others, this.now());
      if (!isLate) {
        next.admit();
        return;
      }
      next.refuse(this.#overloaded());
    }
    this.#free += 1;
  }

  #remove(operation: object, queued: QueuedCall): void {
    const queue = this.#queues.get(operation);
    if (queue) {
      const others = queue.calls.filter((other) => other !== queued);
      this.#replace(operation, others, queue.since);
    }
    this.#waiting -= 1;
  }

  #replace(operation: object, calls: QueuedCall[], since: number): void {
    if (calls.length > 0) this.#queues.set(operation, { calls, since });
    else this.#queues.delete(operation);
  }

  /** Suggests a retry once the queue will have drained at the present pace, within the maximum delay. */
  #overloaded(): Overloaded {
    const drained = Math.min((this.#waiting * this.#meanHold) / this.capacity, this.maxDelay);
    return new Overloaded(Math.max(1, Math.ceil(drained / 1000)));
  }
}
