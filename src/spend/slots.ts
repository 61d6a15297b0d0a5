import { Cancelled } from '../qcc/error.js';
import type { Ask, Wrapper } from './ask.js';

interface Waiting {
  readonly enter: () => void;
  readonly signal: AbortSignal | undefined;
}

/** A fixed number of places. Who waits for one waits among those of its own operation; operations take turns. */
export class Slots {
  #free: number;
  /** In the order of their turns; the one that was served goes to the end. */
  readonly #queues = new Map<object, Waiting[]>();

  constructor(capacity: number) {
    this.#free = capacity;
  }

  /** @throws Cancelled where `signal` fires while waiting */
  take(operation: object, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(new Cancelled());
    if (this.#free > 0) {
      this.#free -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const leave = () => {
        const queue = this.#queues.get(operation)?.filter((other) => other !== waiting) ?? [];
        if (queue.length > 0) this.#queues.set(operation, queue);
        else this.#queues.delete(operation);
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

  release(): void {
    for (const [operation, queue] of this.#queues) {
      const next = queue.shift();
      this.#queues.delete(operation);
      if (queue.length > 0) this.#queues.set(operation, queue);
      if (next) {
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
      try {
        return await next(call, by);
      } finally {
        slots.release();
      }
    };
}
