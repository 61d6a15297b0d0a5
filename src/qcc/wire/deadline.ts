/** The time that all attempts for one answer share. It runs from the first attempt on, not while one waits its turn. */
export class Deadline {
  #ends: number | undefined;

  /** @param span milliseconds */
  constructor(readonly span: number) {}

  /** Starts the clock; further calls change nothing. */
  start(): void {
    this.#ends ??= performance.now() + this.span;
  }

  /** Milliseconds left, 0 at least; the whole span while not started. */
  get left(): number {
    return this.#ends === undefined ? this.span : Math.max(0, this.#ends - performance.now());
  }
}
