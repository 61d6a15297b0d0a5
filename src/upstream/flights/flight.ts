import type { Answer } from '../../qcc/call.js';
import { Cancelled, type QccError } from '../../qcc/error.js';
import type { Cancellation } from '../../qcc/wire/cancellation.js';
import type { Meter } from '../meter.js';

/** After how many milliseconds, and with which error, a waiter gives up. */
interface Patience {
  readonly timeout: number;
  readonly error: QccError;
}

/** A call in flight, shared by everyone who waits for its answer. */
export class Flight {
  #waiting = 0;
  #settled = false;

  /**
   * @param answer settles with the outcome
   * @param meter counts what the flight costs
   * @param abandon is called when the last waiter has gone
   * @param oldest how old an answer it takes from the store: received at this time or later, in milliseconds since 1970
   */
  constructor(
    readonly answer: Promise<Answer<unknown>>,
    readonly meter: Meter,
    private readonly abandon: () => void,
    readonly oldest: number,
    private readonly patience?: Patience,
  ) {
    // A failure concerns those who wait; without waiters it is not an unhandled rejection.
    const settle = () => {
      this.#settled = true;
    };
    answer.then(settle, settle);
  }

  /** Whether the attempt has timed out, and only a late answer is awaited. */
  get isLate(): boolean {
    return this.patience !== undefined;
  }

  /** Waits for the answer. @throws Cancelled where the caller disconnects; the patience's error after its timeout */
  wait(cancellation: Cancellation | undefined): Promise<Answer<unknown>> {
    this.#waiting += 1;
    return new Promise((resolve, reject) => {
      let isWaiting = true;
      let timer: NodeJS.Timeout | undefined;
      let unsubscribe: (() => void) | undefined;
      const stop = () => {
        if (!isWaiting) return false;
        isWaiting = false;
        if (timer) clearTimeout(timer);
        unsubscribe?.();
        this.#waiting -= 1;
        if (this.#waiting === 0 && !this.#settled) this.abandon();
        return true;
      };
      const fail = (error: Error) => {
        if (stop()) reject(error);
      };
      const { patience } = this;
      if (patience) timer = setTimeout(() => fail(patience.error), patience.timeout);
      unsubscribe = cancellation?.onCancel(() => fail(new Cancelled()));
      this.answer.then(
        (answer) => {
          if (stop()) resolve(answer);
        },
        (error: Error) => fail(error),
      );
    });
  }
}
