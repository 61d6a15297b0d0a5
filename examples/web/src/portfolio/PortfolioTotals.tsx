import { originOf } from '../company/case-list';
import { amountUnit } from '../money/amount-unit';
import { add } from '../money/decimal';
import { NOTHING, type Total } from '../money/total';
import { TotalAmount } from '../parts/Amount';
import { Evidence } from '../parts/Evidence';
import { useStore } from '../store';
import { useText } from '../text/text';
import type { PortfolioRow } from './portfolio-rows';

/** What the companies of a list add up to. */
export function PortfolioTotals({ rows }: { rows: readonly PortfolioRow[] }) {
  const text = useText();
  const words = text.portfolio.totals;
  const unit = text.unitNames[useStore(amountUnit)];
  const summaries = rows.flatMap(({ summary }) => summary ?? []);
  const unperformed = summaries.reduce<Total>(
    (total, summary) => ({
      sum: add(total.sum, summary.unperformed.sum),
      missing: total.missing + summary.unperformed.missing,
    }),
    NOTHING,
  );
  const origin = originOf(rows.flatMap(({ result }) => [...(result?.list?.pages.values() ?? [])]));
  const figures: readonly (readonly [string, number])[] = [
    [words.companies, summaries.length],
    [words.withCases, rows.filter(({ outcome }) => outcome === 'found').length],
    [words.cases, summaries.reduce((sum, { cases }) => sum + cases, 0)],
  ];
  return (
    <div className="card">
      <dl className="sums">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text.count(value)}</dd>
          </div>
        ))}
        <div>
          <dt>
            {words.unperformed} <span className="unit">{unit}</span>
          </dt>
          <dd>
            <TotalAmount total={unperformed} atLeast={summaries.some(({ isComplete }) => !isComplete)} />
          </dd>
        </div>
      </dl>
      {origin && <Evidence origin={origin} />}
    </div>
  );
}
