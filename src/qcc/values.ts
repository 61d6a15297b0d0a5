import { Big } from 'big.js';
import { dayOf } from './day.js';

/** A value that cannot be read, as QCC sent it. */
export interface Unreadable {
  readonly raw: string;
}

/** A value read from an answer: its canonical text, null for nothing, or what could not be read. */
export type Reading = string | null | Unreadable;

/** Larger exponents are noise, and would be written out digit by digit. */
const MAX_EXPONENT = 30;
/** Digits that are canonical already. */
const PLAIN = /^(?:0|[1-9]\d{0,20})$/;
const NUMBER = /^[+-]?\d+(\.\d+)?([eE][+-]?\d{1,4})?$/;

/**
 * Yuan as an exact decimal without exponent: `"1.799E+7"` gives `"17990000"`. Empty and `—` give null.
 */
export function readAmount(value: unknown): Reading {
  const text = readText(value);
  if (typeof text !== 'string') return text;
  if (PLAIN.test(text)) return text;
  if (!NUMBER.test(text)) return { raw: text };
  const amount = new Big(text.replace(/^\+/, ''));
  return Math.abs(amount.e) > MAX_EXPONENT ? { raw: text } : amount.toFixed();
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * The calendar day in China, `YYYY-MM-DD`. A time with an offset is taken to Asia/Shanghai first. Empty, `—`, and the
 * sentinels of year 1 and of January 1970 give null.
 */
export function readDate(value: unknown): Reading {
  const text = readText(value);
  if (typeof text !== 'string') return text;
  const parts = DATE.exec(text);
  if (parts === null || !isCalendarDay(text.slice(0, 10))) return { raw: text };
  if (text.startsWith('0001-01-01') || text.startsWith('1970-01-')) return null;
  const offset = parts[5];
  if (offset === undefined) return text.slice(0, 10);
  const moment = Date.parse(text.replace(' ', 'T'));
  return Number.isNaN(moment) ? { raw: text } : dayOf(moment);
}

function isCalendarDay(day: string): boolean {
  const [year, month, date] = [Number(day.slice(0, 4)), Number(day.slice(5, 7)), Number(day.slice(8, 10))];
  return month >= 1 && month <= 12 && date >= 1 && date <= daysIn(year, month);
}

/** Days in a month of the Gregorian calendar. @param month from 1 */
function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Text without outer white space; empty and `—` give null. A number is its digits; anything else cannot be read. */
export function readText(value: unknown): Reading {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return { raw: rawOf(value) };
  const text = value.trim();
  return text === '' || /^—+$/.test(text) ? null : text;
}

/** A value as JSON text, for `extensions.raw`. */
export function rawOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    // JSON.stringify is recursive; JSON.parse, which made the value, is not.
    return '[nested too deeply to show]';
  }
}
