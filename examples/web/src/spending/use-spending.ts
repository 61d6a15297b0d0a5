import { useEffect, useState } from 'react';
import { access } from '../access/access';
import type { SpendingQuery } from '../gql/graphql';
import { ask } from '../graph/ask';
import { SPENDING } from '../graph/operations';
import type { Problem } from '../graph/problem';
import { startOfMonth } from '../parts/time';
import { useStore } from '../store';
import { type Budgets, readBudgets } from './read-budgets';

export interface Spending {
  readonly loading: boolean;
  readonly data: SpendingQuery | undefined;
  readonly budgets: Budgets | undefined;
  readonly problems: readonly Problem[];
}

/** What was bought today and this month, and the budgets. `update` reads it again. */
export function useSpending(): Spending & { readonly update: () => void } {
  const { key } = useStore(access);
  const [attempt, setAttempt] = useState(0);
  const [state, setState] = useState<Spending>({
    loading: true,
    data: undefined,
    budgets: undefined,
    problems: [],
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another key or another attempt reads it again
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    setState((known) => ({ ...known, loading: true }));
    Promise.all([ask(SPENDING, { month: startOfMonth() }, { limit: 0, signal }), readBudgets(signal)]).then(
      ([{ data, problems }, budgets]) => setState({ loading: false, data, problems, budgets }),
      () => undefined, // The reader has left.
    );
    return () => controller.abort();
  }, [key, attempt]);
  return { ...state, update: () => setAttempt((count) => count + 1) };
}
