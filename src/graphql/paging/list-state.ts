import type { ListSummary, LoadedPage } from '../../cache/cached-item.js';
import type { Answer, Evidence } from '../../qcc/call.js';
import type { CasePage } from '../../qcc/cases.js';
import { LAST_ROW, minLength, PAGE_SIZE } from '../../qcc/methods.js';
import { type Extent, type PageDemand, pagesOf, rangeOf } from './page-plan.js';

/** What is known about a list from the pages that were read. */
export interface ListState {
  /** TotalRecords of the newest answer; null while unknown. */
  total: number | null;
  /** When that answer was received, in milliseconds since 1970; infinite where no page may change the total any more. */
  totalAsOf: number;
  /** The answer that gave the total; null while it is unknown. */
  toldBy: Evidence | null;
  /** TotalRecords as QCC sent it, where it cannot be read. */
  unreadableTotal: string | null;
  /** Where the list ends by a page without a total that is not full; null while unknown. */
  endByRows: number | null;
  /** The list has no row at or past this offset. */
  emptyFrom: number;
  /** The list has at least so many rows. */
  minLength: number;
  /** VerifyResult; null while unknown. */
  verified: boolean | null;
}

export function newListState(): ListState {
  return {
    total: null,
    totalAsOf: Number.NEGATIVE_INFINITY,
    toldBy: null,
    unreadableTotal: null,
    endByRows: null,
    emptyFrom: LAST_ROW,
    minLength: 0,
    verified: null,
  };
}

export function applySummary(state: ListState, summary: ListSummary): void {
  state.total = summary.total;
  state.totalAsOf = summary.isSettled ? Number.POSITIVE_INFINITY : summary.receivedAt;
  state.toldBy = summary.toldBy;
  state.verified = summary.verified;
}

/** @param asked the page that was asked for, counted from 1; the answer may be another page */
export function applyPage(state: ListState, asked: number, answer: Answer<CasePage>): void {
  const { data, receivedAt } = answer;
  const { page, total, verified, rows } = data;
  state.unreadableTotal = data.unreadableTotal ?? state.unreadableTotal;
  state.minLength = Math.max(state.minLength, minLength(page, rows));
  if (total === null && rows.length > 0 && rows.length < PAGE_SIZE) state.endByRows = minLength(page, rows);
  if (receivedAt >= state.totalAsOf) {
    if (total !== null) {
      state.total = total;
      state.totalAsOf = receivedAt;
      state.toldBy = answer;
    }
    // The list may have become shorter since its total was read: it ends before an empty page.
    const isEmpty = rows.length === 0 || page !== asked;
    if (isEmpty) state.emptyFrom = Math.min(state.emptyFrom, (asked - 1) * PAGE_SIZE);
  }
  state.verified = verified ?? state.verified;
}

/** The length of the list, as far as it is known. */
export function extentOf({ total, endByRows, emptyFrom }: ListState): Extent {
  const length = total ?? endByRows;
  const end = length === null ? emptyFrom : Math.min(length, emptyFrom);
  // Without a total, an empty page says where the list ends at most.
  return { total: length === null ? null : emptyFrom < LAST_ROW ? end : length, atMost: end };
}

/** Whether a newer answer about the list contradicts a page: it gives another total, or promises rows on an empty page. */
export function isOutdated({ total, totalAsOf }: ListState, { page, answer }: LoadedPage): boolean {
  if (total === null || answer.receivedAt >= totalAsOf || totalAsOf === Number.POSITIVE_INFINITY)
    return false;
  if (answer.data.total !== null) return answer.data.total !== total;
  return answer.data.rows.length === 0 && total > (page - 1) * PAGE_SIZE;
}

/** The pages that a demand needs, as far as is known. */
export function pagesNeeded({ window, rows, total, verified }: PageDemand, state: ListState): number[] {
  const extent = extentOf(state);
  const range = rows && window ? rangeOf(window, extent) : undefined;
  const needed = range ? pagesOf(range) : [];
  const lacksTotal = total && extent.total === null && state.minLength === 0;
  const needsFirstPage = lacksTotal || (verified && state.verified === null) || range === null;
  return needsFirstPage ? [...needed, 1] : needed;
}
