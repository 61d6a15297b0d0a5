import { type FormEvent, useId, useState } from 'react';
import type { Estimate } from '../money/estimate';
import { useText } from '../text/text';
import { useCostText } from './cost-text';

interface Props {
  readonly estimate: Estimate;
  readonly canLimit: boolean;
  readonly onConfirm: (limit: number) => void;
  readonly onCancel: () => void;
}

/** A price, to accept or not. */
export function PurchaseOffer({ estimate, canLimit, onConfirm, onCancel }: Props) {
  const text = useText();
  const costText = useCostText();
  const id = useId();
  const [limit, setLimit] = useState(estimate.max);
  const confirm = (event: FormEvent) => {
    event.preventDefault();
    onConfirm(limit);
  };
  return (
    <form onSubmit={confirm} className="offer">
      <p className="price" role="status">
        {costText.offer(estimate)}
      </p>
      {canLimit && (
        <div>
          <label htmlFor={id}>{text.purchase.limit}</label>
          <input
            id={id}
            type="number"
            inputMode="numeric"
            min={0}
            max={estimate.max}
            step={1}
            required
            value={Number.isNaN(limit) ? '' : limit}
            onChange={(event) => setLimit(event.target.valueAsNumber)}
          />
        </div>
      )}
      <div className="actions">
        <button type="submit" className="primary">
          {text.purchase.confirm}
        </button>
        <button type="button" onClick={onCancel}>
          {text.purchase.cancel}
        </button>
      </div>
    </form>
  );
}
