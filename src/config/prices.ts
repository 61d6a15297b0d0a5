import * as z from 'zod';
import type { Prices } from '../ledger/price.js';
import { methods } from '../qcc/methods.js';
import { price } from './values.js';

/** The variable that holds the price of a method: `QCC_PRICE_GETLIST` for `GetList`. */
export function priceVariable(method: string): string {
  return `QCC_PRICE_${method.toUpperCase()}`;
}

/** One variable for each method of QCC's API. */
export const PRICE_VARIABLES: readonly string[] = methods.map(({ name }) => priceVariable(name));

/** The same in words: a sum is exact only with all of them. */
export const ALL_PRICE_VARIABLES = new Intl.ListFormat('en-GB').format(PRICE_VARIABLES);

/** Reads the prices of all methods. Without a price for every method no sum is exact, so `prices` is undefined then. */
export const prices = z
  .object(Object.fromEntries(PRICE_VARIABLES.map((name) => [name, price.optional()])))
  .transform((given): { readonly prices: Prices | undefined } => {
    const known = methods.flatMap(({ name }) => {
      const yuan = given[priceVariable(name)];
      return yuan === undefined ? [] : [[name, yuan]];
    });
    return { prices: known.length === methods.length ? Object.fromEntries(known) : undefined };
  });
