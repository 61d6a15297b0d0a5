/** Milliseconds between two looks at the leases, and how much longer than a look they are: looks take 5 % of the time. */
const MIN_INTERVAL = 5;
const INTERVAL_PER_LOOK = 20;

/** A lease that another holder has. */
export interface WatchedLease {
  readonly key: string;
  readonly holder: string;
}

/**
 * Reports when leases of other processes end. Neither LMDB nor an expired key of Redis reports it, so one timer looks at all
 * watched leases together.
 */
export class LeaseWatch {
  readonly #watched = new Map<WatchedLease, () => void>();
  #isLooking = false;

  /** @param ended tells of each lease whether its holder no longer has it */
  constructor(private readonly ended: (leases: readonly WatchedLease[]) => Promise<readonly boolean[]>) {}

  /**
   * Calls a function once, when the holder no longer has the lease, or when that cannot be read. Returns a function that
   * ends the watch.
   */
  watch(lease: WatchedLease, onEnd: () => void): () => void {
    this.#watched.set(lease, onEnd);
    if (!this.#isLooking) {
      this.#isLooking = true;
      this.#lookAfter(MIN_INTERVAL);
    }
    return () => this.#watched.delete(lease);
  }

  #lookAfter(interval: number): void {
    setTimeout(() => void this.#look(), interval).unref();
  }

  async #look(): Promise<void> {
    const began = performance.now();
    const leases = [...this.#watched.keys()];
    // Where the store fails, all are woken: each goes on without it.
    const ended = leases.length === 0 ? [] : await this.ended(leases).catch(() => leases.map(() => true));
    for (const [index, lease] of leases.entries()) {
      if (!ended[index]) continue;
      const onEnd = this.#watched.get(lease);
      this.#watched.delete(lease);
      onEnd?.();
    }
    this.#isLooking = this.#watched.size > 0;
    if (this.#isLooking) {
      this.#lookAfter(Math.max(MIN_INTERVAL, INTERVAL_PER_LOOK * (performance.now() - began)));
    }
  }
}
