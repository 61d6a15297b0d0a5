import { cutName } from '../qcc/text/typed-text.js';
import { Ledger } from './ledger.js';
import { type Prices, priceOf } from './price.js';
import { billedLabel, type LedgerRow } from './row.js';

/** What an attempt is about. */
export type AttemptDetails = Pick<LedgerRow, 'client' | 'operation' | 'method' | 'subject'>;

/** How an attempt ended. */
export interface AttemptOutcome {
  readonly status: string | null;
  readonly orderNumber: string | null;
  /** Null where only QCC's invoice can tell. */
  readonly billed: boolean | null;
}

/** An attempt in the ledger. */
export interface Attempt {
  /** Writes the row with the outcome. */
  settle(outcome: AttemptOutcome): Promise<void>;
  /** Removes the row of an attempt that sent nothing. */
  discard(): Promise<void>;
}

/** Writes upstream attempts to the ledger. */
export class Attempts {
  /** @param now milliseconds since 1970 */
  constructor(
    private readonly ledger: Ledger,
    private readonly prices: Prices | undefined,
    private readonly now: () => number,
  ) {}

  /**
   * Writes the row of an attempt as maybe billed. It stays so if the outcome is never known: a process that is killed
   * leaves the rows of its calls in flight.
   *
   * @throws StoreUnavailable where the row cannot be written
   */
  async begin({ client, operation, method, subject }: AttemptDetails): Promise<Attempt> {
    const at = this.now();
    const key = Ledger.newKey(at);
    const row: LedgerRow = {
      at,
      client: cutName(client),
      operation: operation && cutName(operation),
      method,
      subject,
      status: null,
      orderNumber: null,
      billed: 'maybe',
      price: null,
      latency: 0,
    };
    await this.ledger.begin(key, row);
    return {
      settle: ({ status, orderNumber, billed }) => {
        const price = priceOf(method, billed, this.prices);
        const latency = this.now() - at;
        return this.ledger.settle(key, {
          ...row,
          status,
          orderNumber,
          billed: billedLabel(billed),
          price,
          latency,
        });
      },
      discard: () => this.ledger.remove(key, row),
    };
  }
}
