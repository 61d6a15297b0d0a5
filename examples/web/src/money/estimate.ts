import { add, type Decimal, parseDecimal, ZERO } from './decimal';

/** What an operation may bill, from a dry run. */
export interface Estimate {
  /** Calls. */
  readonly min: number;
  readonly max: number;
  /** Yuan. Undefined if the gateway knows no prices. */
  readonly maxAmount: Decimal | undefined;
}

export const FREE: Estimate = { min: 0, max: 0, maxAmount: undefined };

function hasNumber<K extends string>(value: object, name: K): value is Record<K, number> {
  return name in value && typeof Reflect.get(value, name) === 'number';
}

/** Reads `extensions.estimate` of an error; undefined if it has none. */
export function readEstimate(value: unknown): Estimate | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!hasNumber(value, 'min') || !hasNumber(value, 'max')) return undefined;
  const amount: unknown = Reflect.get(value, 'maxAmount');
  return {
    min: value.min,
    max: value.max,
    maxAmount: typeof amount === 'string' ? parseDecimal(amount) : undefined,
  };
}

export function addEstimates(a: Estimate, b: Estimate): Estimate {
  const amounts = [a.maxAmount, b.maxAmount];
  return {
    min: a.min + b.min,
    max: a.max + b.max,
    maxAmount: amounts.every((amount) => amount === undefined)
      ? undefined
      : amounts.reduce<Decimal>((sum, amount) => add(sum, amount ?? ZERO), ZERO),
  };
}
