import { Ledger } from './ledger.js';
import { type Prices, priceOf } from './price.js';
import { billedLabel, type LedgerRow } from './row.js';

/** Names in the ledger are cut to this length. */
const MAX_NAME_LENGTH = 200;

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
  /** Writes the row with the outcome. `isFinal` is false where a late answer may still change it. */
  settle(outcome: AttemptOutcome, isFinal: boolean): Promise<void>;
  /** Forgets an attempt that sent nothing. */
  discard(): void;
}

/** Writes upstream attempts to the ledger, and knows those that QCC has not answered yet. */
export class Attempts {
  readonly #open = new Map<string, LedgerRow>();

  /** @param now milliseconds since 1970 */
  constructor(
    private readonly ledger: Ledger,
    private readonly prices: Prices | undefined,
    private readonly now: () => number,
  ) {}

  begin({ client, operation, method, subject }: AttemptDetails): Attempt {
    const at = this.now();
    const key = Ledger.newKey(at);
    const row: LedgerRow = {
      at,
      client: client.slice(0, MAX_NAME_LENGTH),
      operation: operation?.slice(0, MAX_NAME_LENGTH) ?? null,
      method,
      subject,
      status: null,
      orderNumber: null,
      billed: 'maybe',
      price: null,
      latency: 0,
    };
    this.#open.set(key, row);
    return {
      settle: ({ status, orderNumber, billed }, isFinal) => {
        if (isFinal) this.#open.delete(key);
        const price = priceOf(method, billed, this.prices);
        const latency = this.now() - at;
        return this.ledger.write(key, {
          ...row,
          status,
          orderNumber,
          billed: billedLabel(billed),
          price,
          latency,
        });
      },
      discard: () => this.#open.delete(key),
    };
  }

  /** Writes the open attempts as maybe billed: at shutdown, nothing will settle them any more. */
  async giveUp(): Promise<void> {
    await Promise.all([...this.#open].map(([key, row]) => this.ledger.write(key, row)));
  }
}
