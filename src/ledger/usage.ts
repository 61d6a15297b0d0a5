import { Big } from 'big.js';
import { dayOf, startOfDay } from '../qcc/day.js';
import type { LedgerReader } from './ledger.js';
import type { Prices } from './price.js';
import type { LedgerRow } from './row.js';
import type { Saving, Savings } from './savings.js';

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
  /** Yuan spent; null where the price of a billed call is not known. */
  readonly amount: string | null;
  /** Yuan not spent, at today's prices; null where they are not known. */
  readonly saved: string | null;
}

export interface UsagePeriod {
  /** Milliseconds since 1970; undefined: the start of the day in Asia/Shanghai. */
  readonly from: number | undefined;
  /** Undefined: now. */
  readonly to: number | undefined;
}

export interface UsageResult {
  readonly total: UsageTotals;
  readonly groups: readonly UsageTotals[];
}

/** The key of an operation without a name, and of an attempt without a status. */
const NONE = '(none)';

/** Sums up the ledger and the savings. */
export class UsageReport {
  constructor(
    private readonly ledger: LedgerReader,
    private readonly savings: Pick<Savings, 'between' | 'flush'>,
    private readonly prices: Prices | undefined,
    private readonly now: () => number,
  ) {}

  /** Attempts count where they began; savings count by the hours that the period touches. */
  async read(period: UsagePeriod, grouping: Grouping): Promise<UsageResult> {
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
      for (const group of [total, groupOf(keyOfRow(row, grouping))]) group.addRow(row);
    }
    await this.savings.flush();
    for await (const saving of this.savings.between(from, to)) {
      for (const group of [total, groupOf(keyOfSaving(saving, grouping))]) group.addSaving(saving);
    }
    const sorted = [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
    return { total: total.totals('total'), groups: sorted.map(([key, group]) => group.totals(key)) };
  }
}

function keyOfRow(row: LedgerRow, grouping: Grouping): string {
  return grouping === 'STATUS' ? (row.status ?? NONE) : keyOf(row, grouping);
}

/** A call that was avoided has no status. */
function keyOfSaving(saving: Saving, grouping: Grouping): string {
  return grouping === 'STATUS' ? NONE : keyOf(saving, grouping);
}

function keyOf(
  { at, client, method, operation }: Pick<LedgerRow, 'at' | 'client' | 'method' | 'operation'>,
  grouping: Exclude<Grouping, 'STATUS'>,
): string {
  switch (grouping) {
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
  #amount: Big | null;
  #saved: Big | null;
  readonly #avoided = { cached: 0, shared: 0, elided: 0 };

  constructor(private readonly prices: Prices | undefined) {
    this.#amount = prices ? new Big(0) : null;
    this.#saved = prices ? new Big(0) : null;
  }

  addRow({ billed, price }: LedgerRow): void {
    this.#calls += 1;
    if (billed === 'maybe') this.#maybeBilled += 1;
    if (billed !== 'yes') return;
    this.#billed += 1;
    this.#amount = price === null ? null : (this.#amount?.plus(price) ?? null);
  }

  addSaving({ reason, method, count }: Saving): void {
    this.#avoided[reason] += count;
    const price = this.prices?.[method];
    this.#saved = price === undefined ? null : (this.#saved?.plus(new Big(price).times(count)) ?? null);
  }

  totals(key: string): UsageTotals {
    return {
      key,
      calls: this.#calls,
      billed: this.#billed,
      maybeBilled: this.#maybeBilled,
      ...this.#avoided,
      amount: this.#amount?.toFixed() ?? null,
      saved: this.#saved?.toFixed() ?? null,
    };
  }
}
