import { dayOf } from '../../qcc/day.js';
import { type CounterStore, type ReportFault, type Shortage, StoreUnavailable } from '../../store/store.js';
import { BudgetExceeded } from '../errors.js';
import { type BudgetLimits, type NamedLimit, type Period, periodsFor } from './budget-periods.js';

/** Gives a reservation back. */
export type Refund = () => Promise<void>;

/** How long a counter is kept after its period, in milliseconds: clocks differ, and operators look back. */
const RETENTION = 2 * 86_400_000;
/** Seconds until a retry makes sense while the store that holds the counters is lost. */
const STORE_RETRY_AFTER = 5;

interface Waiter {
  readonly resolve: (refund: Refund) => void;
  readonly reject: (error: Error) => void;
}

/** What a period granted. */
interface Grant {
  readonly period: Period;
  readonly granted: number;
  /** Null where everything was granted. */
  readonly shortage: Shortage | null;
}

/** A budget with what is left of it. */
interface BudgetState {
  readonly limit: NamedLimit;
  readonly endsAt: number;
  readonly left: number;
}

const nothingToRefund: Refund = async () => undefined;

/**
 * What may be spent today and this month. It is counted in the store, so that all processes and instances together never
 * overshoot it.
 */
export class Budget {
  /** Reservations of the present tick, by client. */
  readonly #waiting = new Map<string, Waiter[]>();
  /** Whether there is any budget. Without one, no periods are computed. */
  readonly #isLimited: boolean;

  constructor(
    private readonly counters: CounterStore,
    private readonly limits: BudgetLimits,
    private readonly now: () => number,
    private readonly report: ReportFault,
  ) {
    this.#isLimited = Object.values(limits).some((limit) => limit !== undefined);
  }

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
    const states = await Promise.all(this.#periodsFor(client).map((period) => this.#read(period)));
    const tightest = tightestOf(states.flat().filter(({ left }) => left < calls));
    if (tightest) throw this.#exceeded(tightest, calls);
  }

  /** Billed calls left today for everyone; undefined without a limit, or where it cannot be read. */
  leftToday(): Promise<number | undefined> {
    return this.#leftOf('BUDGET_PER_DAY');
  }

  /** Billed calls left this month for everyone; undefined without a limit, or where it cannot be read. */
  leftThisMonth(): Promise<number | undefined> {
    return this.#leftOf('BUDGET_PER_MONTH');
  }

  #periodsFor(client: string | null): Period[] {
    return periodsFor(this.limits, client, this.now());
  }

  async #leftOf(name: string): Promise<number | undefined> {
    const period = this.#periodsFor(null).find(({ limits }) => limits.some((limit) => limit.name === name));
    const [state] = period ? await this.#read(period) : [];
    return state?.left;
  }

  /** What is left of the budgets of a period; empty where that cannot be read. */
  async #read({ group, endsAt, limits }: Period): Promise<BudgetState[]> {
    const fields = limits.map(({ field }) => field);
    const counts = await this.counters.reserved(group, fields).catch(() => undefined);
    if (counts === undefined) return [];
    return limits.map((limit) => {
      const used = counts.get(limit.field) ?? 0;
      return { limit, endsAt, left: Math.max(0, limit.limit - used) };
    });
  }

  /** Settles every waiter; never rejects itself. */
  async #reserveAll(client: string, waiting: readonly Waiter[]): Promise<void> {
    try {
      const { grants, granted } = await this.#reserveIn(this.#periodsFor(client), waiting.length);
      const refund = async () => {
        await Promise.all(grants.map(({ period }) => this.#refund(period)));
      };
      for (const { resolve } of waiting.slice(0, granted)) resolve(refund);
      const tightest = tightestOf(
        grants.flatMap((grant) => (grant.granted === granted ? exhausted(grant) : [])),
      );
      for (const { reject } of waiting.slice(granted)) {
        reject(tightest ? this.#exceeded(tightest, 1) : new TypeError('no budget is short'));
      }
    } catch (error) {
      this.report('the store that counts the budget failed; the call was not made', error);
      const reason = error instanceof StoreUnavailable ? ` (${error.message})` : '';
      const lost = new BudgetExceeded(
        `The store that counts the budget cannot be reached, so nothing is bought until it is back${reason}.`,
        { client: null, retryAfter: STORE_RETRY_AFTER },
      );
      for (const { reject } of waiting) reject(lost);
    }
  }

  /** Reserves in all periods as much as each of them grants. What others did not grant is given back. */
  async #reserveIn(
    periods: readonly Period[],
    wanted: number,
  ): Promise<{ readonly grants: readonly Grant[]; readonly granted: number }> {
    const outcomes = await Promise.allSettled(
      periods.map(async (period): Promise<Grant> => {
        const { group, limits, endsAt } = period;
        const shortage = await this.counters.reserve(group, limits, wanted, endsAt + RETENTION);
        return { period, granted: shortage?.granted ?? wanted, shortage };
      }),
    );
    const grants = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    const failure = outcomes.find((outcome) => outcome.status === 'rejected');
    const granted = failure ? 0 : Math.min(...grants.map((grant) => grant.granted));
    for (const grant of grants) {
      for (let surplus = grant.granted - granted; surplus > 0; surplus -= 1) await this.#refund(grant.period);
    }
    if (failure) throw failure.reason;
    return { grants, granted };
  }

  #refund({ group, limits }: Period): Promise<void> {
    const fields = limits.map(({ field }) => field);
    return this.counters.refund(group, fields).catch((error: unknown) => {
      this.report('an unbilled call could not be refunded; it stays counted in the budget', error);
    });
  }

  #exceeded({ limit: { name, limit, client }, endsAt, left }: BudgetState, wanted: number): BudgetExceeded {
    const whose = client === null ? '' : ` for ${client}`;
    const resetsAt = `${dayOf(endsAt)}T00:00:00+08:00`;
    return new BudgetExceeded(
      `${name} has ${left} of ${limit} billed calls left${whose}, and this needs ${wanted}. It resets at ${resetsAt}.`,
      {
        client,
        retryAfter: Math.ceil((endsAt - this.now()) / 1000),
        budget: { name, limit, left, resetsAt },
      },
    );
  }
}

/** The budget without room for more than was granted. */
function exhausted({ period: { limits, endsAt }, shortage }: Grant): BudgetState[] {
  const limit = limits.find(({ field }) => field === shortage?.field);
  return limit && shortage ? [{ limit, endsAt, left: Math.max(0, limit.limit - shortage.used) }] : [];
}

/** The budget with the least left; of equal ones, that which is renewed last. */
function tightestOf(states: readonly BudgetState[]): BudgetState | undefined {
  return [...states].sort((a, b) => a.left - b.left || b.endsAt - a.endsAt)[0];
}
