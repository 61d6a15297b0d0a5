import type { UsageByKeyFragment } from '../gql/graphql';
import { priceYuan } from '../money/amount-text';
import { parseDecimal } from '../money/decimal';
import { useText } from '../text/text';
import type { Budgets } from './read-budgets';

interface Props {
  readonly period: 'today' | 'month';
  readonly usage: UsageByKeyFragment['total'];
  /** Undefined: the reader may not see them. */
  readonly budgets: Budgets | undefined;
}

export function PeriodCard({ period, usage, budgets }: Props) {
  const text = useText().spending;
  const amount = parseDecimal(usage.amount ?? '');
  const saved = parseDecimal(usage.saved ?? '');
  const avoided = usage.cached + usage.shared + usage.elided;
  return (
    <section className="card" aria-label={text[period]}>
      <h3>{text[period]}</h3>
      <p className="figure">{amount ? priceYuan(amount) : text.billed(usage.billed)}</p>
      <p className="quiet">
        {[
          amount && text.billed(usage.billed),
          usage.maybeBilled > 0 && text.maybeBilled(usage.maybeBilled),
          saved && saved.units > 0n ? text.saved(priceYuan(saved)) : avoided > 0 && text.avoided(avoided),
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      <BudgetMeter period={period} budgets={budgets} />
    </section>
  );
}

function BudgetMeter({ period, budgets }: Pick<Props, 'period' | 'budgets'>) {
  const text = useText().spending;
  if (!budgets) return <p className="quiet">{text.hiddenBudget}</p>;
  const budget = budgets[period];
  if (!budget) return <p className="quiet">{text.noBudget}</p>;
  const used = Math.max(0, budget.limit - budget.left);
  return (
    <div>
      <meter
        min={0}
        max={budget.limit}
        high={budget.limit * 0.8}
        optimum={0}
        value={used}
        aria-label={text.budgetLabel[period]}
      />
      <p>
        {text.budget(used, budget.limit)} · {text.left(Math.max(0, budget.left))}
      </p>
    </div>
  );
}
