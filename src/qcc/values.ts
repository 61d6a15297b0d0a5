import { Big } from 'big.js';
import * as z from 'zod';
import { dayOf } from './day.js';

/** A value that cannot be read, as QCC sent it. */
export const unreadable = z.object({ raw: z.string() });
/** A value read from an answer: its canonical text, null for nothing, or what could not be read. */
export const reading = z.union([z.string(), z.null(), unreadable]);

export type Unreadable = Readonly<z.infer<typeof unreadable>>;
export type Reading = string | null | Unreadable;

/** Larger exponents are noise, and would be written out digit by digit. */
const MAX_EXPONENT = 30;
/** Digits that are canonical already. */
const PLAIN = /^(?:0|[1-9]\d{0,20})$/;
const NUMBER = /^[+-]?\d+(\.\d+)?([eE][+-]?\d{1,4})?$/;

/** Yuan as an exact decimal without exponent: `"1.799E+7"` gives `"17990000"`. Empty and dashes give null. */
export function readAmount(value: unknown): Reading {
  const text = readText(value);
  if (typeof text !== 'string') return text;
  if (PLAIN.test(text)) return text;
  if (!NUMBER.test(text)) return { raw: String(value) };
  const amount = new Big(text.replace(/^\+/, ''));
  if (amount.eq(0)) return '0';
  return Math.abs(amount.e) > MAX_EXPONENT ? { raw: String(value) } : amount.toFixed();
}

/** A whole number from 0 up to 2^53 - 1: `25`, `"25"` and `"25.0"` give 25. Empty and dashes give null. */
export function readCount(value: unknown): number | null | Unreadable {
  const text = readAmount(value);
  if (typeof text !== 'string') return text;
  const count = Number(text);
  return Number.isSafeInteger(count) && count >= 0 ? count : { raw: String(value) };
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?)?$/;

/** Days that mean `no date`: the first day of .NET, and the first month of Unix time. */
const SENTINEL = /^(0001-01-01|1970-01-\d\d)$/;

/**
 * The calendar day in China, `YYYY-MM-DD`. A time with an offset is converted to Asia/Shanghai first. Empty, dashes, and the
 * sentinels of year 1 and of January 1970 give null.
 */
export function readDate(value: unknown): Reading {
  const text = readText(value);
  if (typeof text !== 'string') return text;
  const day = dayIn(text);
  if (day === undefined) return { raw: String(value) };
  return SENTINEL.test(day) ? null : day;
}

/** The day in Shanghai that a date or a time names; undefined where it names none from year 0 to 9999. */
function dayIn(text: string): string | undefined {
  const parts = DATE.exec(text);
  const written = text.slice(0, 10);
  if (parts === null || !isCalendarDay(written)) return undefined;
  if (parts[5] === undefined) return written;
  const moment = Date.parse(text.replace(' ', 'T'));
  const day = Number.isNaN(moment) ? '' : dayOf(moment);
  return DATE.test(day) ? day : undefined;
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

/** Nothing, or a dash of any kind and number. */
const NOTHING = /^\p{Pd}*$/u;

/**
 * Text without outer white space. Empty and dashes give null. A number gives its digits. Anything else cannot be read, nor
 * can a text with half of a surrogate pair: many JSON parsers refuse it.
 */
export function readText(value: unknown): Reading {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return { raw: rawOf(value) };
  const text = value.trim();
  if (NOTHING.test(text)) return null;
  return text.isWellFormed() ? text : { raw: rawOf(value) };
}

/** A text without halves of surrogate pairs, which no UTF-8 can hold. They remain where a text is cut. */
export function withoutLoneSurrogates(text: string): string {
  return text.isWellFormed() ? text : text.replaceAll(/\p{Cs}/gu, '');
}

/** The fields of an object, by name. */
export type Fields = Readonly<Record<string, unknown>>;

/** An object, or the only object of a list; null where there is nothing, and undefined where there is anything else. */
export function readObject(value: unknown): Fields | null | undefined {
  const only: unknown = Array.isArray(value) && value.length < 2 ? value[0] : value;
  if (isFields(only) && !Array.isArray(only)) return only;
  return readText(only) === null ? null : undefined;
}

/** Whether a value is an object or a list. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
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
