import { useMemo } from 'react';
import { amountUnit } from '../money/amount-unit';
import { totalOf } from '../money/total';
import { TotalAmount } from '../parts/Amount';
import { Evidence } from '../parts/Evidence';
import { useStore } from '../store';
import { useText } from '../text/text';
import { type LocatedCase, originOf } from './case-list';

/** How many cases are shown, and what they add up to. */
export function CaseSums({ shown, total }: { shown: readonly LocatedCase[]; total: number }) {
  const text = useText();
  const unit = text.unitNames[useStore(amountUnit)];
  const sums = useMemo(
    () => ({
      enforcement: totalOf(shown.map(({ one }) => one.enforcementAmount)),
      unperformed: totalOf(shown.map(({ one }) => one.unperformedAmount)),
      origin: originOf(new Set(shown.map(({ page }) => page))),
    }),
    [shown],
  );
  return (
    <section className="card" aria-label={text.company.sumsOf(shown.length, total)}>
      <dl className="sums">
        <div>
          <dt>{text.company.sums.cases}</dt>
          <dd>
            {text.count(shown.length)}
            <small className="quiet missing">{text.company.sumsOf(shown.length, total)}</small>
          </dd>
        </div>
        <div>
          <dt>
            {text.company.sums.enforcement} <span className="unit">{unit}</span>
          </dt>
          <dd>
            <TotalAmount total={sums.enforcement} />
          </dd>
        </div>
        <div>
          <dt>
            {text.company.sums.unperformed} <span className="unit">{unit}</span>
          </dt>
          <dd>
            <TotalAmount total={sums.unperformed} />
          </dd>
        </div>
      </dl>
      {sums.origin && <Evidence origin={sums.origin} />}
    </section>
  );
}
