import { Big } from 'big.js';
import { dayOf, startOfDay } from '../qcc/day.js';
import type { Ledger, LedgerRow } from './ledger.js';
import type { Prices } from './price.js';
import type { Saving, Savings } from './savings.js';

/** By what usage is told apart. */
export type Grouping = 'DAY' | 'CLIENT' | 'METHOD' | 'OPERATION' | 'STATUS';

/** What was spent, and what was not, in one group. */
export interface UsageTotals {
  readonly key: string;
  readonly calls: number;
  readonly billed: number;
  readonly maybeBilled: number;
  readonly cached: number;
  readonly shared: number;
  readonly elided: number;
  /** Yuan spent; null where the price of a billed call is not known. */
  readonly amount: string | null;
  /** Yuan not spent, at today's prices; null where they are not known. */
  readonly saved: string | null;
}

export interface UsagePeriod {
  /** Milliseconds since 1970; undefined: the day's beginning in Asia/Shanghai. */
  readonly from: number | undefined;
  /** Undefined: now. */
  readonly to: number | undefined;
}

/** Key of what has none: an operation without name, an attempt without status. */
const NONE = '(none)';

/** Adds up the ledger. */
export class UsageReport {
  constructor(
    private readonly ledger: Pick<Ledger, 'rows'>,
    private readonly savings: Pick<Savings, 'between' | 'flush'>,
    private readonly prices: Prices | undefined,
    private readonly now: () => number,
  ) {}

  /** Attempts count where they began; savings by the hours that the period touches. */
  async over(
    period: UsagePeriod,
    by: Grouping,
  ): Promise<{ total: UsageTotals; groups: readonly UsageTotals[] }> {
    const to = period.to ?? Number.POSITIVE_INFINITY;
    const from = period.from ?? startOfDay(Math.min(to, this.now()));
    const total = new Group(this.prices);
    const groups = new Map<string, Group>();
    const groupOf = (key: string) => {
      const group = groups.get(key) ?? new Group(this.prices);
      groups.set(key, group);
      return group;
    };
    for await (const row of this.ledger.rows(from, to)) {
      for (const group of [total, groupOf(keyOfRow(row, by))]) group.spend(row);
    }
    await this.savings.flush();
    for await (const saving of this.savings.between(from, to)) {
      for (const group of [total, groupOf(keyOfSaving(saving, by))]) group.save(saving);
    }
    const sorted = [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
    return { total: total.totals('total'), groups: sorted.map(([key, group]) => group.totals(key)) };
  }
}

function keyOfRow(row: LedgerRow, by: Grouping): string {
  return by === 'STATUS' ? (row.status ?? NONE) : keyOf(row, by);
}

/** What was not asked has no status. */
function keyOfSaving(saving: Saving, by: Grouping): string {
  return by === 'STATUS' ? NONE : keyOf(saving, by);
}

function keyOf(
  { at, client, method, operation }: Pick<LedgerRow, 'at' | 'client' | 'method' | 'operation'>,
  by: Exclude<Grouping, 'STATUS'>,
): string {
  switch (by) {
    case 'DAY':
      return dayOf(at);
    case 'CLIENT':
      return client;
    case 'METHOD':
      return method;
    case 'OPERATION':
      return operation ?? NONE;
  }
}

class Group {
  #calls = 0;
  #billed = 0;
  #maybeBilled = 0;
  #amount: Big | null = new Big(0);
  #saved: Big | null;
  readonly #spared = { cached: 0, shared: 0, elided: 0 };

  constructor(private readonly prices: Prices | undefined) {
    this.#saved = prices ? new Big(0) : null;
    if (!prices) this.#amount = null;
  }

  spend({ billed, price }: LedgerRow): void {
    this.#calls += 1;
    if (billed === 'maybe') this.#maybeBilled += 1;
    if (billed !== 'yes') return;
    this.#billed += 1;
    this.#amount = price === null ? null : (this.#amount?.plus(price) ?? null);
  }

  save({ how, method, count }: Saving): void {
    this.#spared[how] += count;
    this.#saved = (this.prices && this.#saved?.plus(new Big(this.prices[method]).times(count))) ?? null;
  }

  totals(key: string): UsageTotals {
    return {
      key,
      calls: this.#calls,
      billed: this.#billed,
      maybeBilled: this.#maybeBilled,
      ...this.#spared,
      amount: this.#amount?.toFixed() ?? null,
      saved: this.#saved?.toFixed() ?? null,
    };
  }
}
