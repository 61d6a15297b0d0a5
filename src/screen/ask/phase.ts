import type { Bill } from '../bill.js';
import type { CallLimit } from './call-limit.js';

/** What a screen asks for about each company. */
export interface Depth {
  /** Companies in one operation. */
  readonly companies: number;
  /** Cases in one window: a whole number of QCC's pages of 20. */
  readonly first: number;
  readonly details: boolean;
  /** Whether it asks for every window, not for the first alone. */
  readonly allWindows: boolean;
}

/** Page 1 of each company. */
export const FIRST_PAGE: Depth = { companies: 10, first: 20, details: false, allWindows: false };
/** Every case. One company an operation, since its list may hold thousands. */
export const ALL_CASES: Depth = { companies: 1, first: 100, details: false, allWindows: true };
/** Every case with its detail, which is a call of its own. */
export const ALL_DETAILS: Depth = { companies: 1, first: 20, details: true, allWindows: true };

/** What the operations of one phase share. */
export interface Phase {
  readonly depth: Depth;
  readonly limit: CallLimit;
  readonly bill: Bill;
}
