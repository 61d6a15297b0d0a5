import { type Answer, type CasePage, PAGE_SIZE, provenBy } from '../../qcc/methods.js';
import type { ListHead } from '../../upstream/handler.js';
import { type Extent, type PageDemand, pagesOf, rangeOf, unknownExtent } from './page-plan.js';

/** What pages have told of the list they are of. */
export interface ListState {
  extent: Extent;
  /** VerifyResult; null while nothing told. */
  verified: boolean | null;
  /** How long the list is at least. */
  proven: number;
  /** When the answer came that told the length, in milliseconds since 1970: the newest one counts. */
  toldAt: number;
}

export function newListState(): ListState {
  return { extent: unknownExtent, verified: null, proven: 0, toldAt: Number.NEGATIVE_INFINITY };
}

export function applyHead(state: ListState, head: ListHead): void {
  tell(state, head.total, head.receivedAt);
  state.verified = head.verified;
}

/** @param page counted from 1 */
export function applyPage(state: ListState, page: number, { data, receivedAt }: Answer<CasePage>): void {
  const { total, verified, rows } = data;
  state.proven = Math.max(state.proven, provenBy(page, rows));
  // Where no length is told, a page that is not full ends the list.
  const ends = rows.length > 0 && rows.length < PAGE_SIZE ? provenBy(page, rows) : null;
  const told = total ?? (state.extent.total === null ? ends : null);
  if (told !== null && receivedAt >= state.toldAt) tell(state, told, receivedAt);
  if (rows.length === 0 && receivedAt >= state.toldAt) {
    const [before, { total: known, atMost }] = [(page - 1) * PAGE_SIZE, state.extent];
    // The list has shrunk since its length was told: it ends before this page, nobody tells where.
    if (known !== null && known > before) tell(state, before, receivedAt);
    else state.extent = { total: known, atMost: Math.min(atMost, before) };
  }
  state.verified = verified ?? state.verified;
}

/** Whether a page is of the list as its newest answer has it. */
export function agrees({ extent, toldAt }: ListState, page: number, answer: Answer<CasePage>): boolean {
  if (answer.receivedAt >= toldAt || extent.total === null) return true;
  const { total, rows } = answer.data;
  if (total !== null) return total === extent.total;
  return rows.length === Math.max(0, Math.min(PAGE_SIZE, extent.total - (page - 1) * PAGE_SIZE));
}

/** The pages without which a demand cannot be met, as far as is known. */
export function pagesNeeded(
  { window, rows, total, verified }: PageDemand,
  { extent, verified: told, proven }: ListState,
): number[] {
  const range = rows && window ? rangeOf(window, extent) : undefined;
  const needed = range ? pagesOf(range) : [];
  const lacksTotal = total && extent.total === null && proven === 0;
  const unmet = lacksTotal || (verified && told === null) || range === null;
  return unmet ? [...needed, 1] : needed;
}

function tell(state: ListState, total: number, receivedAt: number): void {
  state.extent = { total, atMost: Math.min(total, unknownExtent.atMost) };
  state.toldAt = receivedAt;
}
