import { priceYuan } from '../money/amount-text';
import type { Estimate } from '../money/estimate';
import { useText } from '../text/text';

/** Writes prices for the reader. */
export function useCostText() {
  const { purchase } = useText();
  const amountOf = ({ maxAmount }: Estimate) => maxAmount && priceYuan(maxAmount);
  return {
    /** A sentence. */
    offer: (estimate: Estimate) => purchase.offer(purchase.calls(estimate.max), amountOf(estimate)),
    /** A few words, for a button. */
    short: (estimate: Estimate) =>
      [purchase.calls(estimate.max), amountOf(estimate)].filter(Boolean).join(' · '),
  };
}
