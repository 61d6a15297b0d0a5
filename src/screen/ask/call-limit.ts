/** How many answers the operations of a screen may still buy, together. */
export class CallLimit {
  #left: number;
  #inFlight = 0;
  #waiting: (() => void)[] = [];

  constructor(calls: number) {
    this.#left = calls;
  }

  /**
   * Takes what an operation may buy. Where less is left, it waits for the operations in flight, since they may give
   * something back.
   *
   * @param most what the operation may buy at most
   * @returns `most`, or all that is left if that is less
   */
  async take(most: number): Promise<number> {
    while (this.#left < most && this.#inFlight > 0) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    const taken = Math.min(most, this.#left);
    this.#left -= taken;
    this.#inFlight += 1;
    return taken;
  }

  /** Ends an operation. @param unused what it took and did not buy */
  release(unused: number): void {
    this.#left += unused;
    this.#inFlight -= 1;
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
