import { Big } from 'big.js';
import { dayOf } from '../qcc/day.js';
import { decodeUsageKind, HOUR, type UsageKind } from './hourly-usage.js';

/** What usage is grouped by. */
export type Grouping = 'DAY' | 'CLIENT' | 'METHOD' | 'OPERATION' | 'STATUS';

/** What one group spent and avoided. */
export interface UsageTotals {
  readonly key: string;
  readonly calls: number;
  readonly billed: number;
  readonly maybeBilled: number;
  readonly cached: number;
  readonly shared: number;
  readonly elided: number;
  /** Yuan spent on the billed calls that had a price; null where calls were billed and none of them had one. */
  readonly amount: string | null;
  /** Yuan not spent on the avoided calls that had a price; null where calls were avoided and none of them had one. */
  readonly saved: string | null;
}

/** The key of an operation without a name, and of an attempt without a status. */
const NONE = '(none)';

/** The total and the groups of one report. */
export class UsageSums {
  readonly #total = new UsageGroup();
  readonly #groups = new Map<string, UsageGroup>();
  /** Hours have counters of the same names. */
  readonly #kinds = new Map<string, UsageKind | undefined>();

  constructor(
    readonly grouping: Grouping,
    private readonly onUnreadable: () => void,
  ) {}

  /** @param counts the counters of an hour */
  add(hour: number, counts: ReadonlyMap<string, number>): void {
    const day = dayOf(hour * HOUR);
    for (const [name, count] of counts) {
      const kind = this.#kindOf(name);
      if (kind === undefined || !Number.isSafeInteger(count)) this.onUnreadable();
      else this.addTo(keyOf(kind, day, this.grouping), kind, count);
    }
  }

  /** @param key of a group; null: of the one without a name or status */
  addTo(key: string | null, kind: Pick<UsageKind, 'kind' | 'price'>, count: number): void {
    this.#total.add(kind, count);
    this.#groupOf(key ?? NONE).add(kind, count);
  }

  result(): { readonly total: UsageTotals; readonly groups: readonly UsageTotals[] } {
    const sorted = [...this.#groups].sort(([a], [b]) => (a < b ? -1 : 1));
    return { total: this.#total.totals('total'), groups: sorted.map(([key, group]) => group.totals(key)) };
  }

  #kindOf(name: string): UsageKind | undefined {
    const known = this.#kinds.get(name);
    if (known || this.#kinds.has(name)) return known;
    const kind = decodeUsageKind(name);
    this.#kinds.set(name, kind);
    return kind;
  }

  #groupOf(key: string): UsageGroup {
    const group = this.#groups.get(key) ?? new UsageGroup();
    this.#groups.set(key, group);
    return group;
  }
}

function keyOf({ client, method, operation, status }: UsageKind, day: string, grouping: Grouping) {
  switch (grouping) {
    case 'DAY':
      return day;
    case 'CLIENT':
      return client;
    case 'METHOD':
      return method;
    case 'OPERATION':
      return operation;
    case 'STATUS':
      return status;
  }
}

/** Adds up the usage of one group. */
class UsageGroup {
  #calls = 0;
  readonly #counts = { yes: 0, no: 0, maybe: 0, cached: 0, shared: 0, elided: 0 };
  readonly #spent = new Amount();
  readonly #saved = new Amount();

  add({ kind, price }: Pick<UsageKind, 'kind' | 'price'>, count: number): void {
    this.#counts[kind] += count;
    if (kind === 'yes') this.#spent.add(price, count);
    if (kind === 'yes' || kind === 'no' || kind === 'maybe') this.#calls += count;
    else this.#saved.add(price, count);
  }

  totals(key: string): UsageTotals {
    const { yes, maybe, cached, shared, elided } = this.#counts;
    return {
      key,
      calls: this.#calls,
      billed: yes,
      maybeBilled: maybe,
      cached,
      shared,
      elided,
      amount: this.#spent.total,
      saved: this.#saved.total,
    };
  }
}

/** A sum of prices. Counts are added up first, since decimals are slow. */
class Amount {
  readonly #counts = new Map<string | null, number>();

  add(price: string | null, count: number): void {
    this.#counts.set(price, (this.#counts.get(price) ?? 0) + count);
  }

  /** Yuan; null where nothing had a price, though something was counted. */
  get total(): string | null {
    if (this.#counts.size === 1 && this.#counts.has(null)) return null;
    let total = new Big(0);
    for (const [price, count] of this.#counts) total = total.plus(new Big(price ?? 0).times(count));
    return total.toFixed();
  }
}
