import { amountOf, type Prices } from '../ledger/price.js';
import type { MethodName } from '../qcc/methods.js';

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

/** Why an answer cost nothing. */
export type Spared = 'cached' | 'shared' | 'elided';
export const SPARED: readonly Spared[] = ['cached', 'shared', 'elided'];

type PerMethod = Record<MethodName, number>;

/** One per request: its cost extension, its headers and its log line are read from it. */
export class Meter {
  readonly #calls: PerMethod = { GetList: 0, GetDetail: 0 };
  readonly #billed: PerMethod = { GetList: 0, GetDetail: 0 };
  readonly #spared: Record<Spared, PerMethod> = {
    cached: { GetList: 0, GetDetail: 0 },
    shared: { GetList: 0, GetDetail: 0 },
    elided: { GetList: 0, GetDetail: 0 },
  };
  readonly #orderNumbers: string[] = [];
  #maybeBilled = 0;
  #stale = 0;

  /** One attempt has ended. @param billed null where only QCC's invoice can tell */
  count(method: MethodName, billed: boolean | null, orderNumber: string | null): void {
    this.#calls[method] += 1;
    if (billed) this.#billed[method] += 1;
    if (billed === null) this.#maybeBilled += 1;
    if (orderNumber !== null) this.#orderNumbers.push(orderNumber);
  }

  /** An answer was had for nothing. @param stale whether it is past its time */
  spare(how: Spared, method: MethodName, stale = false): void {
    this.#spared[how][method] += 1;
    if (stale) this.#stale += 1;
  }

  /** How many answers cost nothing, and why. */
  get spared(): Readonly<Record<Spared, Readonly<PerMethod>>> {
    return this.#spared;
  }

  /** Whether no attempt was made. */
  get spentNothing(): boolean {
    return sum(this.#calls) === 0;
  }

  get cached(): number {
    return sum(this.#spared.cached);
  }

  get stale(): number {
    return this.#stale;
  }

  get shared(): number {
    return sum(this.#spared.shared);
  }

  /** Takes over what another meter counted. */
  add(other: Meter): void {
    for (const method of ['GetList', 'GetDetail'] satisfies MethodName[]) {
      this.#calls[method] += other.#calls[method];
      this.#billed[method] += other.#billed[method];
      for (const how of SPARED) this.#spared[how][method] += other.#spared[how][method];
    }
    this.#maybeBilled += other.#maybeBilled;
    this.#stale += other.#stale;
    this.#orderNumbers.push(...other.#orderNumbers);
  }

  /** The bill so far. */
  cost(prices: Prices | undefined): Cost {
    return {
      billed: sum(this.#billed),
      maybeBilled: this.#maybeBilled,
      calls: { ...this.#calls },
      cached: this.cached,
      shared: this.shared,
      stale: this.#stale,
      elided: sum(this.#spared.elided),
      orderNumbers: [...this.#orderNumbers],
      ...(prices ? { amount: amountOf(this.#billed, prices) } : {}),
    };
  }
}

function sum(perMethod: Readonly<PerMethod>): number {
  return perMethod.GetList + perMethod.GetDetail;
}
