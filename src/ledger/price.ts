import { Big } from 'big.js';
import type { MethodName } from '../qcc/methods.js';

/** Yuan for one billed call, an exact decimal in a string. */
export type Prices = Readonly<Record<MethodName, string>>;

/** What so many billed calls cost, in yuan: exact, without exponent. */
export function amountOf(billed: Readonly<Record<MethodName, number>>, prices: Prices): string {
  const list = new Big(prices.GetList).times(billed.GetList);
  const detail = new Big(prices.GetDetail).times(billed.GetDetail);
  return list.plus(detail).toFixed();
}
