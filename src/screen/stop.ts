/** Why a screen buys no more. */
export type StopReason =
  | { readonly kind: 'interrupted' }
  /** `--max-calls`, or what was confirmed, is used up. */
  | { readonly kind: 'limit' }
  /** A budget of the gateway is used up. @param message what the gateway says about it */
  | { readonly kind: 'budget'; readonly message: string };

/** Ends the buying of a screen. Operations in flight finish. */
export class Stop {
  readonly #controller = new AbortController();
  #reason: StopReason | undefined;

  /** Undefined while the screen may buy. */
  get reason(): StopReason | undefined {
    return this.#reason;
  }

  /** Aborts what only waits. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The first reason stays. */
  request(reason: StopReason): void {
    this.#reason ??= reason;
    this.#controller.abort();
  }

  /** The items, until the screen is stopped. */
  *whileRunning<T>(items: Iterable<T>): Generator<T> {
    for (const item of items) {
      if (this.#reason !== undefined) return;
      yield item;
    }
  }
}
