const MAX_RETRIES = 20;
const RETRIES_PER_ANSWER = 0.1;

/** Retries that all calls share. An outage soon uses them up, so that retries never multiply the load. */
export class RetryBudget {
  #left = MAX_RETRIES;

  /** An answer earns a tenth of a retry. */
  recordAnswer(): void {
    this.#left = Math.min(MAX_RETRIES, this.#left + RETRIES_PER_ANSWER);
  }

  /** Takes one retry; returns false where none is left. */
  take(): boolean {
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
