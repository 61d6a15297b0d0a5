import { askForKey } from '../access/access';
import type { Problem } from '../graph/problem';
import { useText } from '../text/text';
import { byKind } from './advice';

interface Props {
  readonly problems: readonly Problem[];
  /** Tries again; without it there is no button. */
  readonly onRetry?: (() => void) | undefined;
}

/** Says in the reader's language what went wrong and what to do. */
export function Problems({ problems, onRetry }: Props) {
  const text = useText();
  if (problems.length === 0) return null;
  const isHarmless = problems.every(({ code }) => code === 'UPSTREAM_DATA_INVALID');
  const canRetry = onRetry && problems.some(({ retryable }) => retryable);
  return (
    <div className={isHarmless ? 'problem harmless' : 'problem'} role={isHarmless ? 'status' : 'alert'}>
      {byKind(problems).map(([kind, those]) => (
        <div key={kind}>
          <p className="problem-title">{text.problems[kind].title}</p>
          <p>{text.problems[kind].advice}</p>
          <Facts problems={those} />
        </div>
      ))}
      <div className="actions">
        {canRetry && (
          <button type="button" onClick={onRetry}>
            {text.retry}
          </button>
        )}
        {problems.some(({ code }) => code === 'UNAUTHENTICATED') && (
          <button type="button" className="primary" onClick={askForKey}>
            {text.access.signIn}
          </button>
        )}
      </div>
    </div>
  );
}

const MAX_RAW = 3;

function Facts({ problems }: { problems: readonly Problem[] }) {
  const text = useText();
  const waits = problems.flatMap(({ retryAfter }) => retryAfter ?? []);
  const raws = new Set(problems.flatMap(({ raw }) => raw ?? []));
  const references = new Set(problems.flatMap(({ reference }) => reference ?? []));
  return (
    <>
      {waits.length > 0 && <p>{text.problems.after(Math.max(...waits))}</p>}
      {raws.size > 0 && <p className="quiet">{text.problems.raw([...raws].slice(0, MAX_RAW).join('、'))}</p>}
      {[...references].map((reference) => (
        <p key={reference} className="quiet">
          {text.problems.reference(reference)}
        </p>
      ))}
    </>
  );
}
