import type { CounterStore, ReportFault } from '../store/store.js';
import type { Ledger } from './ledger.js';

const DAY = 86_400_000;
/** Milliseconds until the next attempt after one has failed. */
const RETRY_DELAY = 60_000;
/** A counter that marks that all rows have been counted. */
const MARKER = { group: 'uncounted rows', field: 'done' };

/**
 * Counts, in the background, the rows of the ledger that versions before the hourly counters have written. A row is counted
 * once, however often this runs.
 */
export class UncountedRows {
  #isStopped = false;
  #retry: NodeJS.Timeout | undefined;

  constructor(
    private readonly ledger: Pick<Ledger, 'countUncounted'>,
    private readonly counters: Pick<CounterStore, 'read' | 'add'>,
    private readonly settings: { readonly now: () => number; readonly retention: number },
    private readonly report: ReportFault,
  ) {}

  /** Counts the rows, and tries again later where the store fails. Never rejects. */
  async count(): Promise<void> {
    try {
      await this.#countAll();
    } catch (error) {
      if (this.#isStopped) return;
      this.report('some rows of the ledger could not be counted in the usage; retrying later', error);
      this.#retry = setTimeout(() => void this.count(), RETRY_DELAY).unref();
    }
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#retry);
  }

  async #countAll(): Promise<void> {
    const { now, retention } = this.settings;
    const { group, field } = MARKER;
    const isDone = ((await this.counters.read(group, [field])).get(field) ?? 0) > 0;
    // During a rolling update, an earlier version may have written rows after all others were counted.
    await this.ledger.countUncounted(isDone ? now() - DAY : 0);
    if (!isDone) await this.counters.add(group, new Map([[field, 1]]), now() + retention);
  }
}
