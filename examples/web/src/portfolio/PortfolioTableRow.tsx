import { memo } from 'react';
import { TotalAmount } from '../parts/Amount';
import { kindOf } from '../parts/advice';
import { Evidence } from '../parts/Evidence';
import { addressOf } from '../routing/route';
import { useText } from '../text/text';
import type { PortfolioRow } from './portfolio-rows';

/** A company. It is drawn again only when something of it changes, since a list has hundreds. */
export const PortfolioTableRow = memo(function PortfolioTableRow({
  searchKey,
  outcome,
  result,
  summary,
}: PortfolioRow) {
  const text = useText();
  const { columns, outcome: outcomes } = text.portfolio;
  const [problem] = result?.problems ?? [];
  const isPartial = summary !== undefined && !summary.isComplete;
  const hasCases = summary !== undefined && summary.cases > 0;
  return (
    <tr>
      <td>
        <a href={addressOf({ view: 'company', searchKey })}>{searchKey}</a>
      </td>
      <td data-label={columns.outcome}>
        <span className={`outcome ${outcome}`}>{outcomes[outcome]}</span>
        {problem && <small className="missing warning">{text.problems[kindOf(problem)].title}</small>}
      </td>
      <td data-label={columns.cases} className="number">
        {summary ? text.count(summary.cases) : '—'}
      </td>
      <td data-label={columns.enforcement} className={hasCases ? 'number' : 'number blank'}>
        {hasCases ? <TotalAmount total={summary.enforcement} atLeast={isPartial} /> : '—'}
      </td>
      <td data-label={columns.unperformed} className={hasCases ? 'number' : 'number blank'}>
        {hasCases ? <TotalAmount total={summary.unperformed} atLeast={isPartial} /> : '—'}
      </td>
      <td data-label={columns.newest} className={hasCases ? 'date' : 'date blank'}>
        {summary?.newest ?? '—'}
      </td>
      <td data-label={columns.asOf} className={summary ? 'origin' : 'origin blank'}>
        {summary?.origin ? <Evidence origin={summary.origin} isBare /> : '—'}
      </td>
    </tr>
  );
});
