import type { ReportFault, Store } from '../store/store.js';

const FLUSH_EVERY = 1000;

/** Counters of tallies, that go to the store each second; those that it cannot take wait for the next. */
export class BufferedCounts {
  #unwritten = new Map<string, Map<string, number>>();
  readonly #flusher: NodeJS.Timeout;

  /** @param retention milliseconds that a tally is kept after it was last added to */
  constructor(
    private readonly store: Pick<Store, 'add'>,
    private readonly now: () => number,
    private readonly retention: number,
    private readonly report: ReportFault,
  ) {
    this.#flusher = setInterval(() => void this.flush(), FLUSH_EVERY).unref();
  }

  add(tally: string, field: string, more: number): void {
    const counts = this.#unwritten.get(tally) ?? new Map<string, number>();
    counts.set(field, (counts.get(field) ?? 0) + more);
    this.#unwritten.set(tally, counts);
  }

  /** What of a tally the store has not been given. */
  unwritten(tally: string): Iterable<[string, number]> {
    return this.#unwritten.get(tally) ?? [];
  }

  async flush(): Promise<void> {
    const unwritten = this.#unwritten;
    this.#unwritten = new Map();
    for (const [tally, counts] of unwritten) {
      try {
        await this.store.add(tally, Object.fromEntries(counts), this.now() + this.retention);
      } catch (error) {
        this.report('what was counted is written later', error);
        for (const [field, count] of counts) this.add(tally, field, count);
      }
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#flusher);
    await this.flush();
  }
}
