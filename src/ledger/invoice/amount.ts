import Big from 'big.js';

/** Currencies around a number. */
const CURRENCY = /^(￥|¥|CNY|RMB|人民币)|(元|CNY|RMB)$/gi;

/**
 * Reads an amount of yuan: `1,200.50`, `¥1.20`, `1.20元`, `1,20`, `-1.20`, `(1.20)`.
 *
 * @returns null: there is none. Undefined: it cannot be read
 */
export function readAmount(cell: string): Big | null | undefined {
  const text = cell.replaceAll(/[\s '’]/g, '');
  if (text === '' || /^[-—–/]+$/.test(text)) return null;
  const isNegative = /^\(.*\)$/.test(text) || /[-−－]/.test(text.slice(0, 2));
  const digits = text.replaceAll(/[()+\-−－]/g, '').replaceAll(CURRENCY, '');
  const plain = plainNumber(digits);
  if (plain === undefined) return undefined;
  return isNegative ? new Big(plain).neg() : new Big(plain);
}

/** A number without thousands separators; undefined if the text is not a number. */
function plainNumber(text: string): string | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return text;
  if (/^\d{1,3}(,\d{3})+(\.\d+)?$/.test(text)) return text.replaceAll(',', '');
  // A comma before the fraction, and dots between thousands.
  if (/^(\d+|\d{1,3}(\.\d{3})+),\d{1,2}$/.test(text)) return text.replaceAll('.', '').replace(',', '.');
  return undefined;
}
