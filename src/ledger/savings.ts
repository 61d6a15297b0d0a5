import { cutName } from '../qcc/text/typed-text.js';
import type { CounterStore, ReportFault } from '../store/store.js';
import { BufferedCounters } from './buffered-counters.js';
import {
  AVOID_REASONS,
  type AvoidReason,
  encodeUsageKind,
  hourOf,
  usageExpiry,
  usageGroup,
} from './hourly-usage.js';
import type { Prices } from './price.js';

export { AVOID_REASONS, type AvoidReason };

/** How many names of free operations this process counts in an hour. Callers choose these names and pay nothing. */
const MAX_FREE_NAMES = 1000;
/** Replaces further names. No operation can have this name, because it is not a GraphQL name. */
const OTHER = '(other)';

/** Counts of calls that were avoided, by reason and method. */
export type CallsAvoided = Readonly<Record<AvoidReason, ReadonlyMap<string, number>>>;

/** What an operation cost. */
export interface OperationCost {
  readonly callsAvoided: CallsAvoided;
  /** Whether the operation made no call. */
  readonly isFree: boolean;
}

export interface SavingsSettings {
  readonly prices: Prices | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds that the counters of an hour are kept. */
  readonly retention: number;
}

/** Counts avoided calls in the counters of their hour. Counters are written to the store every second. */
export class Savings {
  readonly #buffer: BufferedCounters;
  #hour = 0;
  readonly #freeNames = new Set<string>();

  constructor(
    counters: CounterStore,
    private readonly settings: SavingsSettings,
    report: ReportFault,
  ) {
    this.#buffer = new BufferedCounters(counters, report);
  }

  /** Counts what an operation avoided. */
  record(client: string, operation: string | null, { callsAvoided, isFree }: OperationCost): void {
    const { prices, now, retention } = this.settings;
    const hour = hourOf(now());
    const [group, until] = [usageGroup(hour), usageExpiry(hour, retention)];
    for (const kind of AVOID_REASONS) {
      for (const [method, count] of callsAvoided[kind]) {
        const counter = encodeUsageKind({
          client: cutName(client),
          operation: this.#nameOf(operation, isFree, hour),
          method,
          status: null,
          price: prices?.[method] ?? null,
          kind,
        });
        this.#buffer.add(group, until, counter, count);
      }
    }
  }

  /** Resolves once the store has counted what was recorded, unless it fails. */
  flush(): Promise<void> {
    return this.#buffer.flush();
  }

  close(): Promise<void> {
    return this.#buffer.close();
  }

  #nameOf(operation: string | null, isFree: boolean, hour: number): string | null {
    if (operation === null) return null;
    const name = cutName(operation);
    if (!isFree) return name;
    if (hour !== this.#hour) {
      this.#hour = hour;
      this.#freeNames.clear();
    }
    if (this.#freeNames.size < MAX_FREE_NAMES) this.#freeNames.add(name);
    return this.#freeNames.has(name) ? name : OTHER;
  }
}
