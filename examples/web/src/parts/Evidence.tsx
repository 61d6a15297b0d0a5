import { useText } from '../text/text';
import { asTime } from './time';

export interface Origin {
  readonly retrievedAt: string;
  readonly stale: boolean;
  readonly orderNumbers: readonly string[];
}

interface Props {
  readonly origin: Origin;
  /** Whether a heading already says what the time and the number are. */
  readonly isBare?: boolean;
}

/** As of when the figures beside it are true, and the numbers on QCC's invoice that they were bought under. */
export function Evidence({ origin, isBare = false }: Props) {
  const text = useText();
  const { retrievedAt, stale, orderNumbers } = origin;
  const [only] = orderNumbers;
  return (
    <div className="evidence quiet">
      <span>{isBare ? asTime(retrievedAt) : text.asOf(asTime(retrievedAt))}</span>
      {stale && <span className="warning">{text.stale}</span>}
      {orderNumbers.length === 1 && only && <span>{isBare ? only : text.orderNumber(only)}</span>}
      {orderNumbers.length > 1 && (
        <details>
          <summary>{text.orderNumbers(orderNumbers.length)}</summary>
          <ul className="numbers">
            {orderNumbers.map((number) => (
              <li key={number}>{number}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
