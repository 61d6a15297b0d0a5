import { useDeferredValue } from 'react';
import { PurchasePanel } from '../purchase/PurchasePanel';
import { usePurchase } from '../purchase/use-purchase';
import { useStore } from '../store';
import { useText } from '../text/text';
import { ListInput } from './ListInput';
import { PortfolioResult } from './PortfolioResult';
import { PortfolioReview } from './PortfolioReview';
import { portfolio } from './portfolio';
import type { Listed } from './read-list';
import { screenJob } from './screen-job';

/** Many companies at once: the list, its price, the purchase and what it found. */
export function PortfolioPage() {
  const text = useText().portfolio;
  const { checked, held, results } = useStore(portfolio);
  const drawn = useDeferredValue(results);
  const purchase = usePurchase();
  const check = (listed: readonly Listed[]) => purchase.offer(screenJob(text.startTitle, listed));
  return (
    <>
      <div>
        <h2 className="page-title">{useText().view.portfolio}</h2>
        <p className="quiet">{text.lead}</p>
      </div>
      <ListInput isFolded={results.size > 0} onChange={purchase.cancel} onCheck={check} />
      {checked && <PortfolioReview checked={checked} held={held} />}
      <PurchasePanel purchase={purchase} canLimit />
      {checked && drawn.size > 0 && <PortfolioResult checked={checked} results={drawn} purchase={purchase} />}
    </>
  );
}
