import { CombinedGraphQLErrors } from '@apollo/client';
import { useText } from './text';

/** Describes an error and what to do about it. */
export function Failure({ error, onRetry }: { error: Error | undefined; onRetry?: () => void }) {
  const text = useText();
  if (!error) return null;
  const graph = CombinedGraphQLErrors.is(error) ? error.errors : [];
  const budget = graph.find(({ extensions }) => extensions?.code === 'BUDGET_EXCEEDED');
  const message =
    graph.length === 0
      ? text.offline
      : budget
        ? text.budget(isMonthly(budget.extensions?.budget))
        : text.partial;
  return (
    <div className="failure" role="alert">
      <p>{message}</p>
      {!budget && graph.length > 0 && (
        <ul>
          {[...new Set(graph.map((one) => one.message))].slice(0, 3).map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
      )}
      {onRetry && (
        <button type="button" onClick={onRetry}>
          {text.retry}
        </button>
      )}
    </div>
  );
}

/** Whether a budget, as `BUDGET_EXCEEDED` describes it, is that of a month. */
function isMonthly(budget: unknown): boolean {
  return (
    typeof budget === 'object' && budget !== null && 'name' in budget && budget.name === 'BUDGET_PER_MONTH'
  );
}
