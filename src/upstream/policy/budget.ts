import { dayOf, endOfDay } from '../../qcc/day.js';
import { QccError } from '../../qcc/error.js';
import type { Limit, ReportFault, Store } from '../../store/store.js';
import { BudgetExceeded } from '../errors.js';
import type { Handler, Middleware } from '../handler.js';

/** Billed calls a day (Asia/Shanghai); undefined: no limit. */
export interface Limits {
  readonly perDay: number | undefined;
  readonly perClientPerDay: number | undefined;
}

/** For how long a counter outlives its day, in milliseconds: clocks differ, and operators look back. */
const KEPT = 2 * 86_400_000;
/** When to ask again, in seconds, if the store that knows what is spent cannot be reached. */
const STORE_RETRY = 5;
const ALL = 'all';

/** One who waits for room. */
interface Reserving {
  readonly resolve: (refund: () => Promise<void>) => void;
  readonly reject: (error: Error) => void;
}

/** What may be spent today, counted in the store, so that all who share it never overshoot it together. */
export class Budget {
  readonly #waiting = new Map<string, Reserving[]>();

  constructor(
    private readonly store: Pick<Store, 'reserve' | 'refund' | 'counts'>,
    private readonly limits: Limits,
    private readonly now: () => number,
    private readonly report: ReportFault,
  ) {}

  get isLimited(): boolean {
    return this.limits.perDay !== undefined || this.limits.perClientPerDay !== undefined;
  }

  /**
   * Takes room for one billed call; for all that ask in one turn of the event loop at once. Resolves with how to give it back.
   *
   * @throws BudgetExceeded where there is none
   */
  reserve(caller: string): Promise<() => Promise<void>> {
    return new Promise((resolve, reject) => {
      const waiting = this.#waiting.get(caller);
      if (waiting) {
        waiting.push({ resolve, reject });
        return;
      }
      this.#waiting.set(caller, [{ resolve, reject }]);
      process.nextTick(() => {
        const all = this.#waiting.get(caller) ?? [];
        this.#waiting.delete(caller);
        void this.#reserveAll(caller, all);
      });
    });
  }

  /** Never rejects: those who wait are told. */
  async #reserveAll(caller: string, waiting: readonly Reserving[]): Promise<void> {
    const [group, limits] = [this.#counterGroup(), this.#limitsOf(caller)];
    const fields = limits.map(({ field }) => field);
    const refund = () =>
      this.store.refund(group, fields).catch((error: unknown) => {
        this.report('a call that was not billed stays counted in the budget', error);
      });
    try {
      const shortage = await this.store.reserve(group, limits, waiting.length, endOfDay(this.now()) + KEPT);
      const granted = shortage?.granted ?? waiting.length;
      for (const { resolve } of waiting.slice(0, granted)) resolve(refund);
      for (const { reject } of waiting.slice(granted)) {
        reject(this.#exceeded(caller, shortage?.field ?? ALL, shortage?.used ?? 0, 1));
      }
    } catch (error) {
      this.report('the budget cannot be read: nothing is bought', error);
      const lost = new BudgetExceeded(
        'The budget cannot be read, for the store that holds it is lost; nothing is bought until it is back.',
        null,
        STORE_RETRY,
      );
      for (const { reject } of waiting) reject(lost);
    }
  }

  /** @throws BudgetExceeded where so many billed calls do not fit. A store that cannot be read lets it pass: each call asks again. */
  async assertWithinBudget(calls: number, caller: string): Promise<void> {
    if (!this.isLimited || calls === 0) return;
    const counts = await this.store.counts(this.#counterGroup()).catch(() => undefined);
    if (counts === undefined) return;
    for (const { field, limit } of this.#limitsOf(caller)) {
      const used = counts[field] ?? 0;
      if (used + calls > limit) throw this.#exceeded(caller, field, used, calls);
    }
  }

  /** Billed calls that all together may still make today; undefined where there is no limit, or it cannot be read. */
  async left(): Promise<number | undefined> {
    const { perDay } = this.limits;
    if (perDay === undefined) return undefined;
    const counts = await this.store.counts(this.#counterGroup()).catch(() => undefined);
    return counts && Math.max(0, perDay - (counts[ALL] ?? 0));
  }

  #limitsOf(caller: string): Limit[] {
    const { perDay, perClientPerDay } = this.limits;
    return [
      ...(perDay === undefined ? [] : [{ field: ALL, limit: perDay }]),
      ...(perClientPerDay === undefined ? [] : [{ field: `client ${caller}`, limit: perClientPerDay }]),
    ];
  }

  #counterGroup(): string {
    return `budget ${dayOf(this.now())}`;
  }

  #exceeded(caller: string, field: string, used: number, wanted: number): BudgetExceeded {
    const everyone = field === ALL;
    const name = everyone ? 'BUDGET_PER_DAY' : 'BUDGET_PER_CLIENT_PER_DAY';
    const limit = (everyone ? this.limits.perDay : this.limits.perClientPerDay) ?? 0;
    const turns = endOfDay(this.now());
    const left = Math.max(0, limit - used);
    return new BudgetExceeded(
      `${name} has ${left} of ${limit} billed calls left${everyone ? '' : ` for ${caller}`}, and this needs ${wanted}; it turns at ${isoInShanghai(turns)}.`,
      everyone ? null : caller,
      Math.ceil((turns - this.now()) / 1000),
    );
  }
}

function isoInShanghai(time: number): string {
  return `${dayOf(time)}T00:00:00+08:00`;
}

/** Makes no call that does not fit into the budget. What turns out not to be billed is given back. */
export function budgeted(budget: Budget): Middleware {
  return (next): Handler => {
    if (!budget.isLimited) return next;
    return async (call, by) => {
      const refund = await budget.reserve(by.caller);
      const settle = async (error: unknown) => {
        const free = !(error instanceof QccError) || error.upstream?.billed === false;
        if (free) await refund();
        else if (error.late) error.late.catch(settle);
      };
      try {
        return await next(call, by);
      } catch (error) {
        await settle(error);
        throw error;
      }
    };
  };
}
