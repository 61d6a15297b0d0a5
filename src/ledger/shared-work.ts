import { Cancelled } from '../qcc/error.js';
import { Cancellation } from '../qcc/wire/cancellation.js';

/** Work that several callers wait for. It is cancelled once the last of them no longer waits. */
export class SharedWork<T> {
  readonly #cancellation = new Cancellation();
  readonly #result: Promise<T>;
  #waiting = 0;

  constructor(work: (cancellation: Cancellation) => Promise<T>) {
    this.#result = work(this.#cancellation);
    // A failure concerns those who wait; without waiters it is not an unhandled rejection.
    this.#result.catch(() => undefined);
  }

  /** Whether the last waiter has gone. */
  get cancelled(): boolean {
    return this.#cancellation.cancelled;
  }

  /** Waits for the result. @throws Cancelled where the caller no longer waits */
  wait(cancellation: Cancellation | undefined): Promise<T> {
    this.#waiting += 1;
    return new Promise((resolve, reject) => {
      let unsubscribe: (() => void) | undefined;
      this.#result.finally(() => unsubscribe?.()).then(resolve, reject);
      unsubscribe = cancellation?.onCancel(() => {
        this.#waiting -= 1;
        if (this.#waiting === 0) this.#cancellation.cancel();
        reject(new Cancelled());
      });
    });
  }
}
