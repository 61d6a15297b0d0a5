import { useAmountText } from '../money/amount-text';
import type { Decimal } from '../money/decimal';
import type { Total } from '../money/total';
import { useText } from '../text/text';

/** An amount in the unit that the reader chose. */
export function Amount({ yuan }: { yuan: Decimal | string | null | undefined }) {
  const write = useAmountText();
  return <span className="amount">{write(yuan)}</span>;
}

/** A sum, and how many amounts it does not have. */
export function TotalAmount({ total, atLeast = false }: { total: Total; atLeast?: boolean }) {
  const text = useText();
  return (
    <>
      {atLeast && '≥ '}
      <Amount yuan={total.sum} />
      {total.missing > 0 && <small className="quiet missing">{text.missing(total.missing)}</small>}
    </>
  );
}
