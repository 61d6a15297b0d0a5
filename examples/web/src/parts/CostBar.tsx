import { pageCost } from '../graph/page-cost';
import { priceYuan } from '../money/amount-text';
import { useStore } from '../store';
import { useText } from '../text/text';

/** What the page has cost so far. */
export function CostBar() {
  const text = useText();
  const { billed, maybeBilled, callsAvoided, amount, sandbox } = useStore(pageCost);
  return (
    <aside className="cost" aria-label={text.cost.label}>
      <span className="quiet cost-label">{text.cost.label}</span>
      <strong>{[amount && priceYuan(amount), text.cost.billed(billed)].filter(Boolean).join(' · ')}</strong>
      {maybeBilled > 0 && <span>{text.cost.maybeBilled(maybeBilled)}</span>}
      <span className="quiet">{text.cost.avoided(callsAvoided)}</span>
      {sandbox && <span className="badge">{text.cost.sandbox}</span>}
    </aside>
  );
}
