import { getHeapStatistics } from 'node:v8';
import { Cancelled } from '../../qcc/error.js';
import type { Cancellation } from '../../qcc/wire/cancellation.js';
import { Overloaded } from '../errors.js';
import { type QueuedCall, SizeClass } from './size-class.js';

/** The weight of the latest call in the running mean of how long a slot is held. */
const LATEST_WEIGHT = 0.1;
/**
 * Milliseconds that a call is assumed to hold a slot until calls have shown it. A first burst that this admits is answered
 * within the maximum delay even if calls take four times as long.
 */
const ASSUMED_HOLD = 50;
/** Operations that may make no more calls than this count as small: a page of cases with its details. */
const MAX_SMALL = 25;
/** Bytes that a waiting call takes, measured, and the share of the heap that waiting calls may take. */
const CALL_BYTES = 11 * 1024;
const MAX_HEAP_SHARE = 0.2;

/**
 * A fixed number of slots. The oldest operation gets the next slot, so that operations finish one after the other. Every
 * other slot goes to small operations while some wait: a long list does not delay them.
 */
export class ConcurrencyLimit {
  #free: number;
  #waiting = 0;
  /** Mean time that a slot is held, in milliseconds. */
  #meanHold = 0;
  readonly #small = new SizeClass();
  readonly #large = new SizeClass();
  /** The large operations that are admitted. */
  readonly #largeOperations = new WeakSet<object>();
  #isTurnOfSmall = true;
  /** How many waiting calls memory holds. */
  readonly #maxInMemory = (MAX_HEAP_SHARE * getHeapStatistics().heap_size_limit) / CALL_BYTES;

  /**
   * @param capacity the number of slots
   * @param maxDelay milliseconds: a call that has waited for longer is refused
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

  /**
   * Admits an operation by the calls that it may make. Returns a function to call when the operation has ended; further
   * calls of it change nothing.
   *
   * @param identity the same for operations that need the same answers: they share their calls, which count once
   * @throws Overloaded where the calls of the operations before it are more than can be made in half the maximum delay, or
   *   than memory holds
   */
  admit(operation: object, calls: number, identity: string): () => void {
    const size = calls > MAX_SMALL ? this.#large : this.#small;
    const added = size.added(identity, calls);
    if (added > 0 && size.backlog > 0 && size.backlog + added > this.#maxBacklog) throw this.#overloaded();
    if (size === this.#large) this.#largeOperations.add(operation);
    return size.enter(identity, calls);
  }

  /** @throws Cancelled where the caller disconnects while it waits; Overloaded where the wait is too long */
  take(operation: object, cancellation?: Cancellation): Promise<void> {
    if (cancellation?.cancelled) return Promise.reject(new Cancelled());
    if (this.#free > 0) {
      this.#free -= 1;
      return Promise.resolve();
    }
    const size = this.#largeOperations.has(operation) ? this.#large : this.#small;
    this.#waiting += 1;
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
        isCancelled: false,
      };
      const unsubscribe = cancellation?.onCancel(() => {
        queued.isCancelled = true;
        this.#waiting -= 1;
        reject(new Cancelled());
      });
      size.add(operation, queued, this.now());
    });
  }

  /** Frees a slot, or gives it to the next queued call. @param held milliseconds that it was held */
  release(held: number): void {
    this.#meanHold += (held - this.#meanHold) * (this.#meanHold === 0 ? 1 : LATEST_WEIGHT);
    for (let next = this.#next(); next; next = this.#next()) {
      this.#waiting -= 1;
      if (this.now() - next.since <= this.maxDelay) {
        next.call.admit();
        return;
      }
      next.call.refuse(this.#overloaded());
    }
    this.#free += 1;
  }

  #next() {
    const [first, second] = this.#isTurnOfSmall ? [this.#small, this.#large] : [this.#large, this.#small];
    this.#isTurnOfSmall = !this.#isTurnOfSmall;
    return first.next(this.now()) ?? second.next(this.now());
  }

  /** How many calls the operations of one size may have left to make: each size gets half of the slots. */
  get #maxBacklog(): number {
    const inTime = (this.capacity * this.maxDelay) / 2 / (this.#meanHold || ASSUMED_HOLD);
    return Math.min(inTime, this.#maxInMemory) / 2;
  }

  /** Suggests a retry once the queue will have drained at the present pace, within the maximum delay. */
  #overloaded(): Overloaded {
    const calls = Math.max(this.#waiting, this.#small.backlog, this.#large.backlog);
    const drained = Math.min((calls * this.#meanHold) / this.capacity, this.maxDelay);
    return new Overloaded(Math.max(1, Math.ceil(drained / 1000)));
  }
}
