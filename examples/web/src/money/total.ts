import { add, type Decimal, parseDecimal, ZERO } from './decimal';

/** A sum of amounts, and how many amounts were missing. */
export interface Total {
  readonly sum: Decimal;
  readonly missing: number;
}

export const NOTHING: Total = { sum: ZERO, missing: 0 };

/** Adds an amount of yuan. An amount that is missing is counted, not taken as zero. */
export function addAmount({ sum, missing }: Total, yuan: string | null | undefined): Total {
  const amount = yuan == null ? undefined : parseDecimal(yuan);
  return amount === undefined ? { sum, missing: missing + 1 } : { sum: add(sum, amount), missing };
}

export function totalOf(amounts: Iterable<string | null | undefined>): Total {
  let total = NOTHING;
  for (const amount of amounts) total = addAmount(total, amount);
  return total;
}
