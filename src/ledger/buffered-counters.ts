import type { CounterStore, ReportFault } from '../store/store.js';

const FLUSH_INTERVAL = 1000;

/** Counters that are written to the store every second. What the store cannot take waits for the next write. */
export class BufferedCounters {
  #pending = new Map<string, Map<string, number>>();
  readonly #timer: NodeJS.Timeout;

  /** @param retention milliseconds that a group of counters is kept after the last change */
  constructor(
    private readonly counters: CounterStore,
    private readonly now: () => number,
    private readonly retention: number,
    private readonly report: ReportFault,
  ) {
    this.#timer = setInterval(() => void this.flush(), FLUSH_INTERVAL).unref();
  }

  add(group: string, counter: string, count: number): void {
    const counts = this.#pending.get(group) ?? new Map<string, number>();
    counts.set(counter, (counts.get(counter) ?? 0) + count);
    this.#pending.set(group, counts);
  }

  async flush(): Promise<void> {
    const pending = this.#pending;
    this.#pending = new Map();
    for (const [group, counts] of pending) {
      try {
        await this.counters.add(group, Object.fromEntries(counts), this.now() + this.retention);
      } catch (error) {
        this.report('counters could not be stored and will be written later', error);
        for (const [counter, count] of counts) this.add(group, counter, count);
      }
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
  }
}
