import { CombinedGraphQLErrors } from '@apollo/client';
import { useText } from './text';

/** Describes an error and what to do about it. */
export function Failure({ error, onRetry }: { error: Error | undefined; onRetry?: () => void }) {
  const text = useText();
  if (!error) return null;
  const graph = CombinedGraphQLErrors.is(error) ? error.errors : [];
  const budget = graph.some(({ extensions }) => extensions?.code === 'BUDGET_EXCEEDED');
  const message = graph.length === 0 ? text.offline : budget ? text.budget : text.partial;
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
