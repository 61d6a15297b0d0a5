import { LAST_ROW, PAGE_SIZE } from '../../qcc/methods.js';
import type { Window } from './window.js';

/** What is known of the length of a list. */
export interface Extent {
  /** TotalRecords of the newest answer; null while none has told. */
  readonly total: number | null;
  /** No row is at or past this offset. */
  readonly atMost: number;
}

export const unknownExtent: Extent = { total: null, atMost: LAST_ROW };

/** The rows from `from` on and before `to`. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** One field's plan: the rows of a window, the length of the list, whether there is any case; or several of them. */
export interface PageDemand {
  readonly window: Window | null;
  /** Whether the window's rows are wanted, or only where it stands. */
  readonly rows: boolean;
  readonly total: boolean;
  readonly verified: boolean;
}

/** The rows a window covers; null while that depends on a length not yet known. */
export function rangeOf(window: Window, extent: Extent): Range | null {
  const { side, count, start, end } = window;
  const endKnown = extent.total !== null || (end !== null && end <= extent.atMost);
  if (side === 'last' && count > 0 && !endKnown) return null;
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
 * The pages to get next so that all demands on one list are met by the fewest: all that the windows cover where the
 * length is known; while it is not, one page alone, the lowest that a window starts on, for it will tell the length.
 * Page 1 is asked for a length or a VerifyResult only where nothing else has told or will tell it.
 *
 * @param known whether a page has told of VerifyResult
 * @param held the pages that are there already
 */
export function planPages(
  demands: readonly PageDemand[],
  extent: Extent,
  known: boolean,
  held: ReadonlySet<number>,
): number[] {
  const ranges = demands.flatMap(({ window, rows }) => (window && rows ? [rangeOf(window, extent)] : []));
  const covered = new Set(ranges.flatMap((range) => (range ? pagesOf(range) : [])));
  const missing = [...covered].filter((page) => !held.has(page)).sort((a, b) => a - b);
  const [lowest] = missing;
  if (lowest !== undefined) return extent.total === null ? [lowest] : missing;
  const lacksTotal =
    extent.total === null && (ranges.includes(null) || demands.some((demand) => demand.total));
  const lacksVerified = !known && demands.some((demand) => demand.verified);
  return (lacksTotal || lacksVerified) && !held.has(1) ? [1] : [];
}
