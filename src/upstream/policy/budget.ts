import { dayOf, endOfDay } from '../../qcc/day.js';
import {
  type CounterStore,
  type Counts,
  type Limit,
  type ReportFault,
  StoreUnavailable,
} from '../../store/store.js';
import { BudgetExceeded } from '../errors.js';

/** Billed calls a day (Asia/Shanghai); undefined: no limit. */
export interface BudgetLimits {
  readonly perDay: number | undefined;
  readonly perClientPerDay: number | undefined;
}

/** Gives a reservation back. */
export type Refund = () => Promise<void>;

/** How long a counter is kept after its day, in milliseconds: clocks differ, and operators look back. */
const RETENTION = 2 * 86_400_000;
/** Seconds until a retry makes sense while the store that holds the counters is lost. */
const STORE_RETRY_AFTER = 5;
const ALL = 'all';

interface Waiter {
  readonly resolve: (refund: Refund) => void;
  readonly reject: (error: Error) => void;
}

const nothingToRefund: Refund = async () => undefined;

/** What may be spent today. It is counted in the store, so that all processes and instances together never overshoot it. */
export class Budget {
  /** Reservations of the present tick, by client. */
  readonly #waiting = new Map<string, Waiter[]>();

  constructor(
    private readonly counters: CounterStore,
    private readonly limits: BudgetLimits,
    private readonly now: () => number,
    private readonly report: ReportFault,
  ) {}

  /**
   * Reserves one billed call. Reservations of one tick of the event loop are made together.
   *
   * @throws BudgetExceeded where it does not fit
   */
  reserve(client: string): Promise<Refund> {
    if (!this.#isLimited) return Promise.resolve(nothingToRefund);
    return new Promise((resolve, reject) => {
      const waiting = this.#waiting.get(client);
      if (waiting) {
        waiting.push({ resolve, reject });
        return;
      }
      this.#waiting.set(client, [{ resolve, reject }]);
      process.nextTick(() => {
        const all = this.#waiting.get(client) ?? [];
        this.#waiting.delete(client);
        void this.#reserveAll(client, all);
      });
    });
  }

  /**
   * A store that cannot be read passes: each call then fails or fits by itself.
   *
   * @throws BudgetExceeded where so many billed calls do not fit
   */
  async assertWithinBudget(calls: number, client: string): Promise<void> {
    if (!this.#isLimited || calls === 0) return;
    const limits = this.#limitsFor(client);
    const counts = await this.#read(limits.map(({ field }) => field));
    if (counts === undefined) return;
    for (const { field, limit } of limits) {
      const used = counts.get(field) ?? 0;
      if (used + calls > limit) throw this.#exceeded(client, field, used, calls);
    }
  }

  /** Billed calls left today for everyone; undefined without a limit, or where it cannot be read. */
  async left(): Promise<number | undefined> {
    const { perDay } = this.limits;
    if (perDay === undefined) return undefined;
    const counts = await this.#read([ALL]);
    return counts && Math.max(0, perDay - (counts.get(ALL) ?? 0));
  }

  get #isLimited(): boolean {
    return this.limits.perDay !== undefined || this.limits.perClientPerDay !== undefined;
  }

  /** The values of today's counters; undefined where they cannot be read. */
  #read(fields: readonly string[]): Promise<Counts | undefined> {
    return this.counters.read(this.#group(), fields).catch(() => undefined);
  }

  /** Settles every waiter; never rejects itself. */
  async #reserveAll(client: string, waiting: readonly Waiter[]): Promise<void> {
    const [group, limits] = [this.#group(), this.#limitsFor(client)];
    const fields = limits.map(({ field }) => field);
    const refund = () =>
      this.counters.refund(group, fields).catch((error: unknown) => {
        this.report('an unbilled call could not be refunded and stays counted in the budget', error);
      });
    try {
      const shortage = await this.counters.reserve(
        group,
        limits,
        waiting.length,
        endOfDay(this.now()) + RETENTION,
      );
      const granted = shortage?.granted ?? waiting.length;
      for (const { resolve } of waiting.slice(0, granted)) resolve(refund);
      for (const { reject } of waiting.slice(granted)) {
        reject(this.#exceeded(client, shortage?.field ?? ALL, shortage?.used ?? 0, 1));
      }
    } catch (error) {
      this.report('the budget cannot be read: nothing is bought', error);
      const reason = error instanceof StoreUnavailable ? ` (${error.message})` : '';
      const lost = new BudgetExceeded(
        `The store that counts the budget is lost; nothing is bought until it is back${reason}.`,
        null,
        STORE_RETRY_AFTER,
      );
      for (const { reject } of waiting) reject(lost);
    }
  }

  #limitsFor(client: string): Limit[] {
    const { perDay, perClientPerDay } = this.limits;
    return [
      ...(perDay === undefined ? [] : [{ field: ALL, limit: perDay }]),
      ...(perClientPerDay === undefined ? [] : [{ field: `client ${client}`, limit: perClientPerDay }]),
    ];
  }

  #group(): string {
    return `budget ${dayOf(this.now())}`;
  }

  #exceeded(client: string, field: string, used: number, wanted: number): BudgetExceeded {
    const isForAll = field === ALL;
    const name = isForAll ? 'BUDGET_PER_DAY' : 'BUDGET_PER_CLIENT_PER_DAY';
    const limit = (isForAll ? this.limits.perDay : this.limits.perClientPerDay) ?? 0;
    const left = Math.max(0, limit - used);
    const whose = isForAll ? '' : ` for ${client}`;
    const resetsAt = endOfDay(this.now());
    return new BudgetExceeded(
      `${name} has ${left} of ${limit} billed calls left${whose}, and this needs ${wanted}. It resets at ${dayOf(resetsAt)}T00:00:00+08:00.`,
      isForAll ? null : client,
      Math.ceil((resetsAt - this.now()) / 1000),
    );
  }
}
