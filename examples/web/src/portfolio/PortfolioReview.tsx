import { useText } from '../text/text';
import type { CheckedList } from './check-list';

interface Props {
  readonly checked: CheckedList;
  readonly held: ReadonlySet<string> | undefined;
}

/** What of a list is valid, and what of that the gateway has. */
export function PortfolioReview({ checked: { rows, companies }, held }: Props) {
  const text = useText();
  const words = text.portfolio;
  const invalid = rows.filter(({ searchKey }) => searchKey === undefined);
  const figures: readonly (readonly [string, number])[] = [
    [words.rows, rows.length],
    [words.valid, companies.length],
    [words.duplicates, rows.length - invalid.length - companies.length],
    [words.invalid, invalid.length],
    ...(held
      ? ([
          [words.held, held.size],
          [words.toBuy, companies.length - held.size],
        ] as const)
      : []),
  ];
  return (
    <section className="card" aria-label={words.review}>
      <h3>{words.review}</h3>
      <dl className="sums small">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text.count(value)}</dd>
          </div>
        ))}
      </dl>
      {invalid.length > 0 && (
        <details open={invalid.length <= 10}>
          <summary>{words.invalidList}</summary>
          <ul className="invalid">
            {invalid.map(({ line, typed, reason }) => (
              <li key={line}>
                <span className="quiet">{words.line(line)}</span> {typed.slice(0, 60)}
                <span className="warning"> {words.reason[reason ?? 'other']}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
      <p className="quiet">{held && held.size === companies.length ? words.startFree : words.startHint}</p>
    </section>
  );
}
