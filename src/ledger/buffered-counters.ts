import type { ReportFault, Store } from '../store/store.js';

const FLUSH_EVERY = 1000;

/** Counters of counter groups, that go to the store each second; those that it cannot take wait for the next. */
export class BufferedCounters {
  #unwritten = new Map<string, Map<string, number>>();
  readonly #flusher: NodeJS.Timeout;

  /** @param retention milliseconds that a group is kept after it was last added to */
  constructor(
    private readonly store: Pick<Store, 'add'>,
    private readonly now: () => number,
    private readonly retention: number,
    private readonly report: ReportFault,
  ) {
    this.#flusher = setInterval(() => void this.flush(), FLUSH_EVERY).unref();
  }

  add(group: string, field: string, more: number): void {
    const counts = this.#unwritten.get(group) ?? new Map<string, number>();
    counts.set(field, (counts.get(field) ?? 0) + more);
    this.#unwritten.set(group, counts);
  }

  /** What of a group the store has not been given. */
  unwritten(group: string): Iterable<[string, number]> {
    return this.#unwritten.get(group) ?? [];
  }

  async flush(): Promise<void> {
    const unwritten = this.#unwritten;
    this.#unwritten = new Map();
    for (const [group, counts] of unwritten) {
      try {
        await this.store.add(group, Object.fromEntries(counts), this.now() + this.retention);
      } catch (error) {
        this.report('what was counted is written later', error);
        for (const [field, count] of counts) this.add(group, field, count);
      }
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#flusher);
    await this.flush();
  }
}
