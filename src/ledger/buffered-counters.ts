import type { CounterStore, ReportFault } from '../store/store.js';

const FLUSH_INTERVAL = 1000;

interface Group {
  /** When its counters expire, in milliseconds since 1970. */
  readonly until: number;
  readonly counts: Map<string, number>;
}

/** Counters that are written to the store every second. What the store cannot take waits for the next write. */
export class BufferedCounters {
  #pending = new Map<string, Group>();
  #flushed = Promise.resolve();
  readonly #timer: NodeJS.Timeout;

  constructor(
    private readonly counters: CounterStore,
    private readonly report: ReportFault,
  ) {
    this.#timer = setInterval(() => void this.flush(), FLUSH_INTERVAL).unref();
  }

  /** @param until when the group expires, in milliseconds since 1970 */
  add(group: string, until: number, counter: string, count: number): void {
    const { counts } = this.#pending.get(group) ?? { counts: new Map<string, number>() };
    counts.set(counter, (counts.get(counter) ?? 0) + count);
    this.#pending.set(group, { until, counts });
  }

  /** Resolves once the store has counted what was added before, unless it fails. */
  flush(): Promise<void> {
    this.#flushed = this.#flushed.then(() => this.#write());
    return this.#flushed;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
  }

  async #write(): Promise<void> {
    const pending = this.#pending;
    this.#pending = new Map();
    for (const [group, { until, counts }] of pending) {
      try {
        await this.counters.add(group, counts, until);
      } catch (error) {
        this.report('usage counters could not be stored; retrying later', error);
        for (const [counter, count] of counts) this.add(group, until, counter, count);
      }
    }
  }
}
