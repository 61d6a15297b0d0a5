import { asTime } from './format';
import { useText } from './text';

interface Props {
  readonly retrievedAt: string;
  readonly stale: boolean;
  readonly orderNumbers: readonly string[];
}

/** As of when the data above is true, and the order numbers on QCC's invoice that it was bought under. */
export function Evidence({ retrievedAt, stale, orderNumbers }: Props) {
  const text = useText();
  return (
    <p className="quiet evidence">
      {text.asOf(asTime(retrievedAt))}
      {stale && ` · ${text.stale}`}
      {orderNumbers.length > 0 && ` · ${text.orderNumbers(orderNumbers)}`}
    </p>
  );
}
