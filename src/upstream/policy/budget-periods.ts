import { dayOf, endOfDay, endOfMonth, monthOf } from '../../qcc/day.js';
import type { Limit } from '../../store/store.js';

/** Billed calls; undefined: no limit. Days and months are those of Asia/Shanghai. */
export interface BudgetLimits {
  readonly perMonth?: number | undefined;
  readonly perDay: number | undefined;
  readonly perClientPerDay: number | undefined;
}

/** A budget that a call counts in: a counter of its period, and its limit. */
export interface NamedLimit extends Limit {
  /** The variable that sets it. */
  readonly name: string;
  /** Whose budget it is; null: everyone's. */
  readonly client: string | null;
}

/** The budgets that are counted, and renewed, together. */
export interface Period {
  /** The group of their counters in the store. */
  readonly group: string;
  /** When they are renewed, in milliseconds since 1970. */
  readonly endsAt: number;
  readonly limits: readonly NamedLimit[];
}

/** The counter of all clients together. */
const ALL = 'all';

/**
 * The present periods with budgets that the calls of a client count in.
 *
 * The month comes first: an instance that has seen a month's counter notices at its first reservation of a day, too, that
 * Redis has lost its counters.
 *
 * @param client null: only the budgets of everyone
 */
export function periodsFor(limits: BudgetLimits, client: string | null, now: number): Period[] {
  const periods: Period[] = [
    {
      group: `budget ${monthOf(now)}`,
      endsAt: endOfMonth(now),
      limits: limitFor('BUDGET_PER_MONTH', ALL, limits.perMonth, null),
    },
    {
      group: `budget ${dayOf(now)}`,
      endsAt: endOfDay(now),
      limits: [
        ...limitFor('BUDGET_PER_DAY', ALL, limits.perDay, null),
        ...(client === null
          ? []
          : limitFor('BUDGET_PER_CLIENT_PER_DAY', `client ${client}`, limits.perClientPerDay, client)),
      ],
    },
  ];
  return periods.filter((period) => period.limits.length > 0);
}

function limitFor(
  name: string,
  field: string,
  limit: number | undefined,
  client: string | null,
): NamedLimit[] {
  return limit === undefined ? [] : [{ name, field, limit, client }];
}
