import { isFields } from './values.js';

/**
 * Parses JSON. Numbers that `JSON.parse` may round come as strings of their digits, so that ids, order numbers and amounts
 * stay exact; all other numbers come as numbers. Answers without such numbers cost what `JSON.parse` costs.
 *
 * @throws SyntaxError where the text is not JSON
 */
export function parseExactly(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return hasRoundedNumber(value) ? JSON.parse(text.replace(TOKEN, quoteLongNumber)) : value;
}

/** Digits that a number keeps for certain (IEEE 754, binary64). */
const EXACT_DIGITS = 15;

/** Whether a value holds a number that may differ from its text. It does not recurse: JSON may be nested deeply. */
function hasRoundedNumber(root: unknown): boolean {
  const open: unknown[] = [root];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value === 'number' && isRounded(value)) return true;
    if (!isFields(value)) continue;
    for (const name in value) if (typeof value[name] !== 'string') open.push(value[name]);
  }
  return false;
}

function isRounded(value: number): boolean {
  if (Number.isInteger(value)) return !Number.isSafeInteger(value);
  // The point is one character more.
  return !Number.isFinite(value) || String(value).length > EXACT_DIGITS + 1;
}

/** A string or a number of a valid JSON text. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.]*(?:[eE][+-]?\d+)?/g;

function quoteLongNumber(token: string): string {
  const isLong = token.length > EXACT_DIGITS || /[eE]/.test(token);
  return isLong && !token.startsWith('"') ? `"${token}"` : token;
}
