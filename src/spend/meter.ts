import type { MethodName } from '../qcc/methods.js';
import { amountOf, type Prices } from './price.js';

/** What one request cost, as `extensions.cost` shows it. */
export interface Cost {
  /** Attempts that QCC counts as 有效. */
  readonly billed: number;
  /** Attempts of which only QCC's invoice can tell. */
  readonly maybeBilled: number;
  /** Attempts made for this request. */
  readonly calls: Readonly<Record<MethodName, number>>;
  /** Answers, refusals among them, that were known already. */
  readonly cached: number;
  /** Answers that another request's flight brought. */
  readonly shared: number;
  /** Those of `cached` past their time. */
  readonly stale: number;
  /** Details answered from their list rows. */
  readonly elided: number;
  /** Of every answered attempt. */
  readonly orderNumbers: readonly string[];
  /** Yuan for what was billed; only where both prices are known. */
  readonly amount?: string;
}

/** One per request: its cost extension, its headers and its log line are read from it. */
export class Meter {
  readonly #calls: Record<MethodName, number> = { GetList: 0, GetDetail: 0 };
  readonly #billed: Record<MethodName, number> = { GetList: 0, GetDetail: 0 };
  readonly #orderNumbers: string[] = [];
  #maybeBilled = 0;
  cached = 0;
  shared = 0;
  stale = 0;
  elided = 0;

  /** One attempt has ended. @param billed null where only QCC's invoice can tell */
  count(method: MethodName, billed: boolean | null, orderNumber: string | null): void {
    this.#calls[method] += 1;
    if (billed) this.#billed[method] += 1;
    if (billed === null) this.#maybeBilled += 1;
    if (orderNumber !== null) this.#orderNumbers.push(orderNumber);
  }

  /** The bill so far. */
  cost(prices: Prices | undefined): Cost {
    return {
      billed: this.#billed.GetList + this.#billed.GetDetail,
      maybeBilled: this.#maybeBilled,
      calls: { ...this.#calls },
      cached: this.cached,
      shared: this.shared,
      stale: this.stale,
      elided: this.elided,
      orderNumbers: [...this.#orderNumbers],
      ...(prices ? { amount: amountOf(this.#billed, prices) } : {}),
    };
  }
}
