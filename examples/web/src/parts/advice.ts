import type { Problem } from '../graph/problem';
import type { Text } from '../text/text';

type Kind = Exclude<keyof Text['problems'], 'after' | 'raw' | 'reference'>;

const KINDS: Readonly<Record<string, Kind>> = {
  UNAUTHENTICATED: 'unauthenticated',
  FORBIDDEN: 'forbidden',
  RATE_LIMITED: 'rateLimited',
  OVERLOADED: 'overloaded',
  SHUTTING_DOWN: 'overloaded',
  STORE_UNAVAILABLE: 'overloaded',
  COST_LIMIT_EXCEEDED: 'costLimit',
  RESULT_TOO_LARGE: 'tooLarge',
  BAD_USER_INPUT: 'badKey',
  UPSTREAM_PENDING: 'pending',
  UPSTREAM_LIMIT_EXCEEDED: 'lastRow',
  UPSTREAM_COOLDOWN: 'cooldown',
  UPSTREAM_FORBIDDEN: 'account',
  UPSTREAM_UNSUPPORTED: 'account',
  UPSTREAM_QUOTA_EXHAUSTED: 'account',
  UPSTREAM_BUSY: 'source',
  UPSTREAM_FAILURE: 'source',
  UPSTREAM_TIMEOUT: 'source',
  UPSTREAM_UNREACHABLE: 'source',
  UPSTREAM_BAD_RESPONSE: 'source',
  UPSTREAM_DATA_INVALID: 'unreadable',
  OFFLINE: 'offline',
};

const BUDGETS: Readonly<Record<string, Kind>> = {
  BUDGET_PER_DAY: 'budgetDay',
  BUDGET_PER_MONTH: 'budgetMonth',
  BUDGET_PER_CLIENT_PER_DAY: 'budgetClient',
};

/** What a problem means to the reader, as a name of its texts. */
export function kindOf({ code, budget }: Problem): Kind {
  if (code === 'BUDGET_EXCEEDED') return BUDGETS[budget ?? ''] ?? 'budgetUnknown';
  return KINDS[code] ?? 'other';
}

/** The problems by what they mean, each meaning once. */
export function byKind(problems: readonly Problem[]): [Kind, Problem[]][] {
  const kinds = new Map<Kind, Problem[]>();
  for (const problem of problems) {
    const kind = kindOf(problem);
    kinds.set(kind, [...(kinds.get(kind) ?? []), problem]);
  }
  return [...kinds];
}
