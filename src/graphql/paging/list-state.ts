import type { ListSummary } from '../../cache/cached-item.js';
import type { Answer } from '../../qcc/call.js';
import type { CasePage } from '../../qcc/cases.js';
import { minLength, PAGE_SIZE } from '../../qcc/methods.js';
import { type Extent, type PageDemand, pagesOf, rangeOf, unknownExtent } from './page-plan.js';

/** What is known about a list from the pages that were read. */
export interface ListState {
  extent: Extent;
  /** VerifyResult; null while unknown. */
  verified: boolean | null;
  /** The list has at least so many rows. */
  minLength: number;
  /** When the answer that gave the length was received, in milliseconds since 1970: the newest answer counts. */
  lengthAsOf: number;
}

export function newListState(): ListState {
  return { extent: unknownExtent, verified: null, minLength: 0, lengthAsOf: Number.NEGATIVE_INFINITY };
}

export function applySummary(state: ListState, summary: ListSummary): void {
  setLength(state, summary.total, summary.receivedAt);
  state.verified = summary.verified;
}

/** @param page counted from 1 */
export function applyPage(state: ListState, page: number, { data, receivedAt }: Answer<CasePage>): void {
  const { total, verified, rows } = data;
  state.minLength = Math.max(state.minLength, minLength(page, rows));
  // Without a total, a page that is not full ends the list.
  const ends = rows.length > 0 && rows.length < PAGE_SIZE ? minLength(page, rows) : null;
  const length = total ?? (state.extent.total === null ? ends : null);
  if (length !== null && receivedAt >= state.lengthAsOf) setLength(state, length, receivedAt);
  if (rows.length === 0 && receivedAt >= state.lengthAsOf) {
    const [before, { total: known, atMost }] = [(page - 1) * PAGE_SIZE, state.extent];
    // The list has become shorter since its total was read. It ends somewhere before this page.
    if (known !== null && known > before) setLength(state, before, receivedAt);
    else state.extent = { total: known, atMost: Math.min(atMost, before) };
  }
  state.verified = verified ?? state.verified;
}

/** Whether a page is consistent with the newest answer about its list. */
export function isConsistent(
  { extent, lengthAsOf }: ListState,
  page: number,
  answer: Answer<CasePage>,
): boolean {
  if (answer.receivedAt >= lengthAsOf || extent.total === null) return true;
  const { total, rows } = answer.data;
  if (total !== null) return total === extent.total;
  return rows.length === Math.max(0, Math.min(PAGE_SIZE, extent.total - (page - 1) * PAGE_SIZE));
}

/** The pages that a demand needs, as far as is known. */
export function pagesNeeded(
  { window, rows, total, verified }: PageDemand,
  { extent, verified: knownVerified, minLength: knownLength }: ListState,
): number[] {
  const range = rows && window ? rangeOf(window, extent) : undefined;
  const needed = range ? pagesOf(range) : [];
  const lacksTotal = total && extent.total === null && knownLength === 0;
  const needsFirstPage = lacksTotal || (verified && knownVerified === null) || range === null;
  return needsFirstPage ? [...needed, 1] : needed;
}

function setLength(state: ListState, total: number, receivedAt: number): void {
  state.extent = { total, atMost: Math.min(total, unknownExtent.atMost) };
  state.lengthAsOf = receivedAt;
}
