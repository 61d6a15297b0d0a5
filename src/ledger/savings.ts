import { z } from 'zod';
import type { CounterStore, ReportFault } from '../store/store.js';
import { BufferedCounters } from './buffered-counters.js';

const HOUR = 3_600_000;
const MAX_NAME_LENGTH = 200;

/** Why a call was avoided. */
export const AVOID_REASONS = ['cached', 'shared', 'elided'] as const;
export type AvoidReason = (typeof AVOID_REASONS)[number];

/** Counts of calls that were avoided, by reason and method. */
export type CallsAvoided = Readonly<Record<AvoidReason, ReadonlyMap<string, number>>>;

const label = z.tuple([z.string(), z.string().nullable(), z.string(), z.enum(AVOID_REASONS)]);

/** How many calls were avoided in one hour, for one client, operation, method and reason. */
export interface Saving {
  /** When the hour began, in milliseconds since 1970. */
  readonly at: number;
  readonly client: string;
  readonly operation: string | null;
  readonly method: string;
  readonly reason: AvoidReason;
  readonly count: number;
}

/** Counts avoided calls by the hour. Counters are written to the store every second. */
export class Savings {
  readonly #buffer: BufferedCounters;

  /**
   * @param now milliseconds since 1970
   * @param retention milliseconds that counters are kept
   */
  constructor(
    private readonly counters: CounterStore,
    private readonly now: () => number,
    private readonly retention: number,
    report: ReportFault,
  ) {
    this.#buffer = new BufferedCounters(counters, now, retention + HOUR, report);
  }

  /** Counts what an operation avoided. */
  record(client: string, operation: string | null, avoided: CallsAvoided): void {
    const group = groupOf(Math.floor(this.now() / HOUR));
    for (const reason of AVOID_REASONS) {
      for (const [method, count] of avoided[reason]) {
        const name = operation?.slice(0, MAX_NAME_LENGTH) ?? null;
        const counter = JSON.stringify([client.slice(0, MAX_NAME_LENGTH), name, method, reason]);
        this.#buffer.add(group, counter, count);
      }
    }
  }

  flush(): Promise<void> {
    return this.#buffer.flush();
  }

  /** What was avoided in the hours that a period touches; milliseconds since 1970. */
  async *between(from: number, to: number): AsyncIterable<Saving> {
    const now = this.now();
    const first = Math.max(from, now - this.retention);
    for (let hour = Math.floor(first / HOUR); hour * HOUR < Math.min(to, now + HOUR); hour++) {
      for (const [counter, count] of Object.entries(await this.counters.counts(groupOf(hour)))) {
        const [client, operation, method, reason] = label.parse(JSON.parse(counter));
        yield { at: hour * HOUR, client, operation, method, reason, count };
      }
    }
  }

  close(): Promise<void> {
    return this.#buffer.close();
  }
}

function groupOf(hour: number): string {
  return `saved ${hour}`;
}
