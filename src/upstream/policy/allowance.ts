import { AllowanceExceeded } from '../errors.js';

/**
 * How many answers one operation may buy: what it was admitted with, whatever QCC says meanwhile. Attempts for one answer
 * count once.
 */
export class Allowance {
  #limit = 0;
  #estimate: () => object = () => ({});
  #taken = 0;

  /** Admits an operation. Before, it may buy nothing. @param estimate gives that of the operation, for errors */
  admit(answers: number, estimate: () => object): void {
    this.#limit = answers;
    this.#estimate = estimate;
  }

  /** Takes one answer; returns a function that gives it back. @throws AllowanceExceeded */
  take(): () => void {
    if (this.#taken >= this.#limit) throw new AllowanceExceeded(this.#limit, this.#estimate(), this);
    this.#taken += 1;
    return () => {
      this.#taken -= 1;
    };
  }
}
