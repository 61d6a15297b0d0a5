import { priceVariable } from '../../src/config/prices.js';
import { methods } from '../../src/qcc/methods.js';

/** The variables that set these prices, in yuan. Prices are set for every method or for none, so any other costs 0. */
export function priceVariables(prices: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(methods.map(({ name }) => [priceVariable(name), prices[name] ?? '0']));
}
