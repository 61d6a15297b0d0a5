import { type Answer, type CasePage, PAGE_SIZE, provenBy } from '../qcc/methods.js';
import type { ListHead } from '../spend/ask.js';
import { type Demand, type Extent, pagesOf, rangeOf, unknownExtent } from './plan.js';

/** What pages have told of the list they are of. */
export interface Learnt {
  extent: Extent;
  /** VerifyResult; null while nothing told. */
  verified: boolean | null;
  /** How long the list is at least. */
  proven: number;
  /** When the answer came that told the length, in milliseconds since 1970: the newest one counts. */
  toldAt: number;
}

export function nothingLearnt(): Learnt {
  return { extent: unknownExtent, verified: null, proven: 0, toldAt: Number.NEGATIVE_INFINITY };
}

export function learnHead(learnt: Learnt, head: ListHead): void {
  tell(learnt, head.total, head.receivedAt);
  learnt.verified = head.verified;
}

/** @param page counted from 1 */
export function learnPage(learnt: Learnt, page: number, { data, receivedAt }: Answer<CasePage>): void {
  const { total, verified, rows } = data;
  learnt.proven = Math.max(learnt.proven, provenBy(page, rows));
  // Where no length is told, a page that is not full ends the list.
  const ends = rows.length > 0 && rows.length < PAGE_SIZE ? provenBy(page, rows) : null;
  const told = total ?? (learnt.extent.total === null ? ends : null);
  if (told !== null && receivedAt >= learnt.toldAt) tell(learnt, told, receivedAt);
  if (rows.length === 0 && receivedAt >= learnt.toldAt) {
    const [before, { total: known, atMost }] = [(page - 1) * PAGE_SIZE, learnt.extent];
    // The list has shrunk since its length was told: it ends before this page, nobody tells where.
    if (known !== null && known > before) tell(learnt, before, receivedAt);
    else learnt.extent = { total: known, atMost: Math.min(atMost, before) };
  }
  learnt.verified = verified ?? learnt.verified;
}

/** Whether a page is of the list as its newest answer has it. */
export function agrees({ extent, toldAt }: Learnt, page: number, answer: Answer<CasePage>): boolean {
  if (answer.receivedAt >= toldAt || extent.total === null) return true;
  const { total, rows } = answer.data;
  if (total !== null) return total === extent.total;
  return rows.length === Math.max(0, Math.min(PAGE_SIZE, extent.total - (page - 1) * PAGE_SIZE));
}

/** The pages without which a demand cannot be met, as far as is known. */
export function pagesNeeded(
  { window, rows, total, verified }: Demand,
  { extent, verified: told, proven }: Learnt,
): number[] {
  const range = rows && window ? rangeOf(window, extent) : undefined;
  const needed = range ? pagesOf(range) : [];
  const lacksTotal = total && extent.total === null && proven === 0;
  const unmet = lacksTotal || (verified && told === null) || range === null;
  return unmet ? [...needed, 1] : needed;
}

function tell(learnt: Learnt, total: number, receivedAt: number): void {
  learnt.extent = { total, atMost: Math.min(total, unknownExtent.atMost) };
  learnt.toldAt = receivedAt;
}
