/** The shortest time between two checks, in milliseconds. */
const MIN_INTERVAL = 5;
/** The time between two checks, in durations of a check: checks take at most 5 % of the time. */
const INTERVAL_PER_CHECK = 20;

/** A lease that another holder has. */
export interface WatchedLease {
  readonly key: string;
  readonly holder: string;
}

/**
 * Reports when leases of other processes end. Neither LMDB nor an expired key of Redis reports it, so one timer checks all
 * watched leases together.
 */
export class LeaseWatch {
  readonly #watched = new Map<WatchedLease, () => void>();
  #isChecking = false;

  /** @param ended resolves with whether each lease is no longer its holder's */
  constructor(private readonly ended: (leases: readonly WatchedLease[]) => Promise<readonly boolean[]>) {}

  /**
   * Calls a function once, when the holder no longer has the lease, or when that cannot be read. Returns a function that
   * ends the watch.
   */
  watch(lease: WatchedLease, onEnd: () => void): () => void {
    this.#watched.set(lease, onEnd);
    if (!this.#isChecking) {
      this.#isChecking = true;
      this.#checkAfter(MIN_INTERVAL);
    }
    return () => this.#watched.delete(lease);
  }

  #checkAfter(interval: number): void {
    setTimeout(() => void this.#check(), interval).unref();
  }

  async #check(): Promise<void> {
    const began = performance.now();
    const leases = [...this.#watched.keys()];
    // If the store fails, all are woken, and each continues without it.
    const ended = leases.length === 0 ? [] : await this.ended(leases).catch(() => leases.map(() => true));
    for (const [index, lease] of leases.entries()) {
      if (!ended[index]) continue;
      const onEnd = this.#watched.get(lease);
      this.#watched.delete(lease);
      onEnd?.();
    }
    this.#isChecking = this.#watched.size > 0;
    if (this.#isChecking) {
      this.#checkAfter(Math.max(MIN_INTERVAL, INTERVAL_PER_CHECK * (performance.now() - began)));
    }
  }
}
