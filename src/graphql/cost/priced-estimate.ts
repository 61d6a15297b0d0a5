import { amountOf, maxAmountOf, type Prices } from '../../ledger/price.js';
import type { EstimatedCalls } from './estimate.js';

/** How many answers an operation may have to buy, as clients see it. */
export interface Estimate {
  readonly min: number;
  readonly max: number;
  /** Yuan, as exact decimals; only where prices are known. */
  readonly minAmount?: string;
  readonly maxAmount?: string;
}

/**
 * Sums an estimate up.
 *
 * @param limit how many answers the request may buy. It bounds the maximum, unless it is below the minimum: then the
 *   operation will be refused, and the estimate says why.
 */
export function pricedEstimate(
  { min, max }: EstimatedCalls,
  prices: Prices | undefined,
  limit = Number.POSITIVE_INFINITY,
): Estimate {
  const most = min.total > limit ? max.total : Math.min(max.total, limit);
  return {
    min: min.total,
    max: most,
    ...(prices && {
      minAmount: amountOf(min.byMethod, prices),
      maxAmount: maxAmountOf(max.byMethod, most, prices),
    }),
  };
}
