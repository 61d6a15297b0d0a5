import { z } from 'zod';
import type { MethodName } from '../qcc/methods.js';
import type { ReportFault, Store } from '../store/store.js';
import { type Meter, SPARED, type Spared } from './meter.js';

const HOUR = 3_600_000;
const FLUSH_EVERY = 1000;
const LONGEST_NAME = 200;

const label = z.tuple([
  z.string(),
  z.string().nullable(),
  z.enum(['GetList', 'GetDetail'] satisfies MethodName[]),
  z.enum(['cached', 'shared', 'elided'] satisfies Spared[]),
]);

/** So many answers that cost nothing, in one hour. */
export interface Saving {
  /** When the hour began, in milliseconds since 1970. */
  readonly at: number;
  readonly client: string;
  readonly operation: string | null;
  readonly method: MethodName;
  readonly how: Spared;
  readonly count: number;
}

/** Counts what was not bought, by the hour. Counters go to the store each second. */
export class Savings {
  #unwritten = new Map<number, Map<string, number>>();
  readonly #flusher: NodeJS.Timeout;

  /**
   * @param now milliseconds since 1970
   * @param retention milliseconds that counters are kept
   */
  constructor(
    private readonly store: Pick<Store, 'add' | 'counts'>,
    private readonly now: () => number,
    private readonly retention: number,
    private readonly report: ReportFault,
  ) {
    this.#flusher = setInterval(() => void this.flush(), FLUSH_EVERY).unref();
  }

  /** Takes what a request was spared, once it is over. */
  note(client: string, operation: string | null, { spared }: Meter): void {
    const hour = Math.floor(this.now() / HOUR);
    for (const how of SPARED) {
      for (const method of ['GetList', 'GetDetail'] satisfies MethodName[]) {
        const count = spared[how][method];
        if (count === 0) continue;
        const name = operation?.slice(0, LONGEST_NAME) ?? null;
        this.#count(hour, JSON.stringify([client.slice(0, LONGEST_NAME), name, method, how]), count);
      }
    }
  }

  async flush(): Promise<void> {
    const unwritten = this.#unwritten;
    this.#unwritten = new Map();
    for (const [hour, counts] of unwritten) {
      try {
        await this.store.add(tallyOf(hour), Object.fromEntries(counts), (hour + 1) * HOUR + this.retention);
      } catch (error) {
        this.report('savings are counted later', error);
        for (const [field, count] of counts) this.#count(hour, field, count);
      }
    }
  }

  /** What was saved in the hours that touch a span of time; milliseconds since 1970. */
  async *between(from: number, to: number): AsyncIterable<Saving> {
    const now = this.now();
    const first = Math.max(from, now - this.retention);
    for (let hour = Math.floor(first / HOUR); hour * HOUR < Math.min(to, now + HOUR); hour++) {
      for (const [field, count] of Object.entries(await this.store.counts(tallyOf(hour)))) {
        const [client, operation, method, how] = label.parse(JSON.parse(field));
        yield { at: hour * HOUR, client, operation, method, how, count };
      }
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#flusher);
    await this.flush();
  }

  #count(hour: number, field: string, count: number): void {
    const counts = this.#unwritten.get(hour) ?? new Map<string, number>();
    counts.set(field, (counts.get(field) ?? 0) + count);
    this.#unwritten.set(hour, counts);
  }
}

function tallyOf(hour: number): string {
  return `saved ${hour}`;
}
