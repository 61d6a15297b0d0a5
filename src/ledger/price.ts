import { Big } from 'big.js';

/** Yuan for one billed call, by method name: exact decimals in strings. */
export type Prices = Readonly<Record<string, string>>;

/** What can be called, and what it costs. */
export interface Tariff {
  /** Names of all methods. */
  readonly methods: readonly string[];
  /** Undefined: the prices are not known. */
  readonly prices: Prices | undefined;
}

/** The price of billed calls in yuan: exact, without exponent. @param billed counts by method name */
export function amountOf(billed: ReadonlyMap<string, number>, prices: Prices): string {
  let amount = new Big(0);
  for (const [method, count] of billed) amount = amount.plus(new Big(prices[method] ?? 0).times(count));
  return amount.toFixed();
}

/** The most that `count` of these calls cost, in yuan. @param calls counts by method name */
export function maxAmountOf(calls: ReadonlyMap<string, number>, count: number, prices: Prices): string {
  const costliest = new Map<string, number>();
  let left = count;
  for (const [method, of] of [...calls].sort(([a], [b]) => new Big(prices[b] ?? 0).cmp(prices[a] ?? 0))) {
    costliest.set(method, Math.min(of, left));
    left -= Math.min(of, left);
  }
  return amountOf(costliest, prices);
}

/** The price of one attempt in yuan; null where it is not known. @param billed null where only QCC's invoice can tell */
export function priceOf(method: string, billed: boolean | null, prices: Prices | undefined): string | null {
  if (billed === null) return null;
  return billed ? (prices?.[method] ?? null) : '0';
}
