import { setImmediate as nextTurn } from 'node:timers/promises';
import { startOfDay } from '../qcc/day.js';
import { Cancelled } from '../qcc/error.js';
import type { Cancellation } from '../qcc/wire/cancellation.js';
import { type CounterStore, type ReportFault, StoreUnavailable } from '../store/store.js';
import { HOUR, hourOf, usageGroup } from './hourly-usage.js';
import type { Savings } from './savings.js';
import { SharedWork } from './shared-work.js';
import { type Grouping, UsageSums, type UsageTotals } from './usage-totals.js';

export type { Grouping, UsageTotals };

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

export interface UsageSettings {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds that the counters of an hour are kept. */
  readonly retention: number;
}

/** Where the counts of each hour are kept. */
export interface UsageSource {
  /**
   * Adds up the hours from `first` on and before `end`, given as whole hours since 1970.
   *
   * @throws Cancelled where the caller no longer waits
   */
  addHours(first: number, end: number, sums: UsageSums, cancellation: Cancellation): Promise<void>;
}

/** How many hours are read before other work gets the event loop. */
const BATCH = 8;
/** The last hours of a period, in which calls may end while the report is read. */
const LATEST_HOURS = 2;

/** The hourly counters of a store. */
export class CounterUsage implements UsageSource {
  constructor(private readonly counters: Pick<CounterStore, 'readAll'>) {}

  async addHours(first: number, end: number, sums: UsageSums, cancellation: Cancellation): Promise<void> {
    for (let hour = first; hour < end; hour += BATCH) {
      if (cancellation.cancelled) throw new Cancelled();
      const hours = Array.from({ length: Math.min(BATCH, end - hour) }, (_, index) => hour + index);
      const counters = await Promise.all(hours.map((each) => this.counters.readAll(usageGroup(each))));
      for (const [index, counts] of counters.entries()) sums.add(hour + index, counts);
      await nextTurn();
    }
  }
}

/** Sums up the hourly counters of calls that were made and calls that were avoided. */
export class UsageReport {
  readonly #underWay = new Map<string, SharedWork<UsageResult>>();
  #hasReportedUnreadable = false;

  constructor(
    private readonly source: UsageSource,
    private readonly savings: Pick<Savings, 'flush'>,
    private readonly settings: UsageSettings,
    private readonly report: ReportFault,
  ) {}

  /**
   * The usage of all hours that a period touches. Callers who ask for the same hours at once share one report, which is
   * no longer read once all of them have gone.
   *
   * @throws Cancelled where the caller no longer waits
   * @throws StoreUnavailable while the store is lost
   */
  read(
    period: UsagePeriod,
    grouping: Grouping,
    cancellation: Cancellation | undefined,
  ): Promise<UsageResult> {
    const now = this.settings.now();
    const to = Math.min(period.to ?? Number.POSITIVE_INFINITY, now + HOUR);
    const from = Math.max(period.from ?? startOfDay(Math.min(to, now)), now - this.settings.retention);
    const [first, end] = [hourOf(from), Math.ceil(to / HOUR)];
    const key = `${first} ${end} ${grouping}`;
    const joined = this.#underWay.get(key);
    if (joined && !joined.cancelled) return joined.wait(cancellation);
    const work: SharedWork<UsageResult> = new SharedWork((shared) =>
      this.#sum({ first, end, grouping }, shared, () => {
        if (this.#underWay.get(key) === work) this.#underWay.delete(key);
      }),
    );
    this.#underWay.set(key, work);
    return work.wait(cancellation);
  }

  /** @param close called before the latest hours are read: who asks later may have made calls that are not in them */
  async #sum(
    { first, end, grouping }: { first: number; end: number; grouping: Grouping },
    cancellation: Cancellation,
    close: () => void,
  ): Promise<UsageResult> {
    const sums = new UsageSums(grouping, () => this.#reportUnreadable());
    const latest = Math.max(first, end - LATEST_HOURS);
    try {
      // Callers of this turn of the event loop join before anything is read.
      await nextTurn();
      await this.#addHours(first, latest, sums, cancellation);
    } finally {
      close();
    }
    await this.savings.flush();
    await this.#addHours(latest, end, sums, cancellation);
    return sums.result();
  }

  async #addHours(first: number, end: number, sums: UsageSums, cancellation: Cancellation): Promise<void> {
    try {
      await this.source.addHours(first, end, sums, cancellation);
    } catch (error) {
      if (error instanceof Cancelled) throw error;
      this.#fail(error);
    }
  }

  /** @throws StoreUnavailable in place of what the store threw when it failed */
  #fail(error: unknown): never {
    if (error instanceof StoreUnavailable) throw error;
    this.report('usage could not be read', error);
    throw new StoreUnavailable('Usage cannot be read, because its store does not answer.');
  }

  #reportUnreadable(): void {
    if (this.#hasReportedUnreadable) return;
    this.#hasReportedUnreadable = true;
    this.report('a usage counter cannot be read and is skipped; further ones are not reported', undefined);
  }
}
