/** The time that all attempts for one answer share. It starts with the first attempt, not while a call is queued. */
export class Deadline {
  #ends: number | undefined;

  /** @param span milliseconds */
  constructor(readonly span: number) {}

  /** Starts the clock; further calls change nothing. */
  start(): void {
    this.#ends ??= performance.now() + this.span;
  }

  /** Milliseconds left, at least 0; the whole span before the start. */
  get left(): number {
    return this.#ends === undefined ? this.span : Math.max(0, this.#ends - performance.now());
  }
}
