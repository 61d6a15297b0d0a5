import type { ListSummary } from '../../cache/cached-item.js';
import type { Answer } from '../../qcc/call.js';
import type { CasePage } from '../../qcc/cases.js';

/** Where the pages of lists come from. */
export interface PageSource {
  /** Loads one page, counted from 1. */
  page(searchKey: string, page: number): Promise<Answer<CasePage>>;
  /** What is known about a list at no cost. */
  summary(searchKey: string): Promise<ListSummary | undefined>;
  /** Called when the summary was all that the demands on a list needed. */
  onSummaryHit(): void;
}
