import { z } from 'zod';
import type { MethodName } from '../qcc/methods.js';
import type { ReportFault, Store } from '../store/store.js';
import { type Meter, SPARED, type Spared } from '../upstream/meter.js';
import { BufferedCounters } from './buffered-counters.js';

const HOUR = 3_600_000;
const MAX_NAME = 200;

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
  readonly #counts: BufferedCounters;

  /**
   * @param now milliseconds since 1970
   * @param retention milliseconds that counters are kept
   */
  constructor(
    private readonly store: Pick<Store, 'add' | 'counts'>,
    private readonly now: () => number,
    private readonly retention: number,
    report: ReportFault,
  ) {
    this.#counts = new BufferedCounters(store, now, retention + HOUR, report);
  }

  /** Takes what a request was spared, once it is over. */
  note(client: string, operation: string | null, { spared }: Meter): void {
    const group = counterGroupOf(Math.floor(this.now() / HOUR));
    for (const how of SPARED) {
      for (const method of ['GetList', 'GetDetail'] satisfies MethodName[]) {
        const count = spared[how][method];
        if (count === 0) continue;
        const name = operation?.slice(0, MAX_NAME) ?? null;
        this.#counts.add(group, JSON.stringify([client.slice(0, MAX_NAME), name, method, how]), count);
      }
    }
  }

  flush(): Promise<void> {
    return this.#counts.flush();
  }

  /** What was saved in the hours that touch a span of time; milliseconds since 1970. */
  async *between(from: number, to: number): AsyncIterable<Saving> {
    const now = this.now();
    const first = Math.max(from, now - this.retention);
    for (let hour = Math.floor(first / HOUR); hour * HOUR < Math.min(to, now + HOUR); hour++) {
      for (const [field, count] of Object.entries(await this.store.counts(counterGroupOf(hour)))) {
        const [client, operation, method, how] = label.parse(JSON.parse(field));
        yield { at: hour * HOUR, client, operation, method, how, count };
      }
    }
  }

  close(): Promise<void> {
    return this.#counts.close();
  }
}

function counterGroupOf(hour: number): string {
  return `saved ${hour}`;
}
