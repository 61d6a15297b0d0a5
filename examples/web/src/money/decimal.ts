/** An exact decimal number: `units` divided by ten to the power of `scale`. */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

const PATTERN = /^(-?)(\d+)(?:\.(\d+))?$/;
export const ZERO: Decimal = { units: 0n, scale: 0 };

/** Reads a decimal number without an exponent, as the gateway sends amounts. Undefined for any other text. */
export function parseDecimal(text: string): Decimal | undefined {
  const [, sign, whole, fraction = ''] = PATTERN.exec(text) ?? [];
  if (whole === undefined) return undefined;
  return { units: BigInt(`${sign}${whole}${fraction}`), scale: fraction.length };
}

const rescale = ({ units, scale }: Decimal, to: number) => units * 10n ** BigInt(to - scale);

export function add(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { units: rescale(a, scale) + rescale(b, scale), scale };
}

/** Negative if a is less than b, positive if it is greater, 0 if they are equal. */
export function compare(a: Decimal, b: Decimal): number {
  const scale = Math.max(a.scale, b.scale);
  const difference = rescale(a, scale) - rescale(b, scale);
  return difference < 0n ? -1 : Number(difference > 0n);
}

/** Divides by ten to the power of `shift`, and rounds half away from zero to `digits` decimal places. */
export function shiftAndRound({ units, scale }: Decimal, shift: number, digits: number): Decimal {
  const drop = scale + shift - digits;
  if (drop <= 0) return { units: units * 10n ** BigInt(-drop), scale: digits };
  const divisor = 10n ** BigInt(drop);
  const magnitude = units < 0n ? -units : units;
  const rounded = (magnitude + divisor / 2n) / divisor;
  return { units: units < 0n ? -rounded : rounded, scale: digits };
}

/** a divided by b, to four decimal places. For lengths of bars and percentages, not for amounts. 0 if b is 0. */
export function ratio(a: Decimal, b: Decimal): number {
  const scale = Math.max(a.scale, b.scale);
  const divisor = rescale(b, scale);
  return divisor === 0n ? 0 : Number((rescale(a, scale) * 10_000n) / divisor) / 10_000;
}

/** The digits as they are, without grouping: `1234.50`. */
export function toText({ units, scale }: Decimal): string {
  const sign = units < 0n ? '-' : '';
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
  if (scale === 0) return sign + digits;
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** The digits in groups of three: `1,234.50`. */
export function toGroupedText(decimal: Decimal): string {
  const [whole = '', fraction] = toText(decimal).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

export function multiplyByPowerOfTen({ units, scale }: Decimal, power: number): Decimal {
  return { units: units * 10n ** BigInt(power), scale };
}

/** The same number with at least so many decimal places. */
export function widen(decimal: Decimal, digits: number): Decimal {
  return decimal.scale >= digits ? decimal : { units: rescale(decimal, digits), scale: digits };
}
