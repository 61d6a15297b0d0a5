import { Cancelled } from '../../qcc/error.js';
import type { Cancellation } from '../../qcc/wire/cancellation.js';
import type { Claim, LeaseStore, ReportFault } from '../../store/store.js';
import { uniqueId } from '../../store/unique-id.js';

export interface LeaseSettings {
  readonly leases: LeaseStore;
  /** Milliseconds after which a lease ends where its process cannot be looked up. */
  readonly duration: number;
  readonly report: ReportFault;
}

/**
 * The lease of one flight. If the store fails, the flight goes ahead without a lease: single flight within this process
 * still holds.
 */
export class Lease {
  /** The flight, as holder of the lease. */
  readonly id = uniqueId();
  #renewal: NodeJS.Timeout | undefined;

  /** @param key of the lease in the store */
  constructor(
    private readonly key: string,
    private readonly settings: LeaseSettings,
  ) {}

  /** Reads entries and takes the lease if there are none, as `LeaseStore.claim` does. */
  claim(entries: readonly string[]): Promise<Claim> {
    const { leases, duration } = this.settings;
    return leases
      .claim(this.key, this.id, duration, entries)
      .catch((error: unknown) => ({ holder: this.#without(error) }));
  }

  /** Takes or renews the lease. Resolves with its holder. */
  take(): Promise<string> {
    const { leases, duration } = this.settings;
    return leases.take(this.key, this.id, duration).catch((error: unknown) => this.#without(error));
  }

  /** Renews the lease until it is released. */
  keep(): void {
    this.#renewal = setInterval(() => void this.take(), this.settings.duration / 3).unref();
  }

  async release(): Promise<void> {
    clearInterval(this.#renewal);
    await this.settings.leases.release(this.key, this.id).catch((error: unknown) => {
      this.settings.report('a lease could not be released; it will expire', error);
    });
  }

  /**
   * Waits until another flight no longer holds the lease, and no longer than `timeout` milliseconds.
   *
   * @throws Cancelled if cancelled meanwhile
   */
  untilReleased(holder: string, timeout: number, cancellation: Cancellation | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        clearTimeout(timer);
        unwatch();
        unsubscribe?.();
        settle();
      };
      const timer = setTimeout(() => end(resolve), timeout);
      const unwatch = this.settings.leases.watch(this.key, holder, () => end(resolve));
      const unsubscribe = cancellation?.onCancel(() => end(() => reject(new Cancelled())));
    });
  }

  #without(error: unknown): string {
    this.settings.report('a lease could not be taken; another process may buy the same answer', error);
    return this.id;
  }
}
