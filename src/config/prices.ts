import { z } from 'zod';
import type { Prices } from '../ledger/price.js';
import { methods } from '../qcc/methods.js';
import { price } from './values.js';

const METHOD_NAMES = methods.map(({ name }) => name);

/** The variable that holds the price of a method: `QCC_PRICE_GETLIST` for `GetList`. */
const variableOf = (method: string) => `QCC_PRICE_${method.toUpperCase()}`;

/** One variable for each method of QCC's API. */
export const PRICE_VARIABLES: readonly string[] = METHOD_NAMES.map(variableOf);

/** Reads the prices of all methods. Without a price for every method no sum is exact, so `prices` is undefined then. */
export const prices = z
  .object(Object.fromEntries(PRICE_VARIABLES.map((name) => [name, price.optional()])))
  .transform((given) => {
    const known = Object.fromEntries(
      METHOD_NAMES.flatMap((method) => {
        const yuan = given[variableOf(method)];
        return yuan === undefined ? [] : [[method, yuan]];
      }),
    );
    return { prices: isComplete(known) ? known : undefined };
  });

function isComplete(known: Readonly<Record<string, string>>): known is Prices {
  return METHOD_NAMES.every((method) => known[method] !== undefined);
}
