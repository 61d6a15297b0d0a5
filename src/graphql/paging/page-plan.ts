import { PAGE_SIZE } from '../../qcc/methods.js';
import type { Window } from './window.js';

/** What is known about the length of a list. */
export interface Extent {
  /** TotalRecords of the newest answer; null while unknown. */
  readonly total: number | null;
  /** No row is at or past this offset. */
  readonly atMost: number;
}

/** The rows from `from` on and before `to`. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** What one field needs of a list: the rows of a window, the list's length, whether it has any case. */
export interface PageDemand {
  readonly window: Window | null;
  /** Whether the window's rows are needed, or only its position. */
  readonly rows: boolean;
  readonly total: boolean;
  readonly verified: boolean;
}

/** The rows that a window covers; null while that depends on an unknown length. */
export function rangeOf(window: Window, extent: Extent): Range | null {
  const { side, count, start, end } = window;
  const isEndKnown = extent.total !== null || (end !== null && end <= extent.atMost);
  if (side === 'last' && count > 0 && !isEndKnown) return null;
  const top = Math.min(end ?? extent.atMost, extent.atMost);
  const [from, to] =
    side === 'first' ? [start, Math.min(start + count, top)] : [Math.max(start, top - count), top];
  if (from < to) return { from, to };
  const at = side === 'first' ? Math.min(start, top) : top;
  return { from: at, to: at };
}

/** The pages that hold a range, ascending, counted from 1. */
export function pagesOf({ from, to }: Range): number[] {
  if (from >= to) return [];
  const first = Math.floor(from / PAGE_SIZE) + 1;
  const last = Math.floor((to - 1) / PAGE_SIZE) + 1;
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/**
 * The pages to load next, so that the fewest pages meet all demands on one list. If the length is known, these are all pages
 * that the windows cover. If not, it is the lowest page on which a window starts, since any page says how long the list is.
 * Page 1 is loaded for a length or a VerifyResult only where no other page provides it.
 *
 * @param isVerifiedKnown whether a page has provided VerifyResult
 * @param loaded the pages that are loaded already
 */
export function planPages(
  demands: readonly PageDemand[],
  extent: Extent,
  isVerifiedKnown: boolean,
  loaded: ReadonlySet<number>,
): number[] {
  const ranges = demands.flatMap(({ window, rows }) => (window && rows ? [rangeOf(window, extent)] : []));
  const covered = new Set(ranges.flatMap((range) => (range ? pagesOf(range) : [])));
  const missing = [...covered].filter((page) => !loaded.has(page)).sort((a, b) => a - b);
  const [lowest] = missing;
  if (lowest !== undefined) return extent.total === null ? [lowest] : missing;
  const lacksTotal =
    extent.total === null && (ranges.includes(null) || demands.some((demand) => demand.total));
  const lacksVerified = !isVerifiedKnown && demands.some((demand) => demand.verified);
  return (lacksTotal || lacksVerified) && !loaded.has(1) ? [1] : [];
}
