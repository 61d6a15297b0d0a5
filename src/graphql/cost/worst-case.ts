import { getDetail, getList, LAST_ROW, PAGE_SIZE } from '../../qcc/methods.js';
import { type PageDemand, pagesOf, type Range } from '../paging/page-plan.js';
import type { Window } from '../paging/window.js';
import { CallCounts } from './call-counts.js';
import { type PurchasePlan, planCompany, planDetails } from './purchase-plan.js';
import type { Selection } from './selection.js';

/** The most that an operation may bill, whatever is cached. It looks nothing up. */
export function worstCase({ companies, cases }: PurchasePlan): CallCounts {
  const worst = new CallCounts();
  for (const { selections } of companies.values()) worst.addAll(worstOfCompany(selections));
  for (const { selection } of cases) worst.addAll(worstOfDetail(planDetails([selection])?.companies ?? []));
  return worst;
}

/** The most that a detail may bill. @param companies what is selected on the companies that its debtor may be */
export function worstOfDetail(companies: Iterable<Selection>): CallCounts {
  const worst = worstOfCompany(companies);
  worst.add(getDetail.name, 1);
  return worst;
}

/** The most pages on which this many consecutive rows can be. */
export function maxPagesFor(rows: number): number {
  return rows < 2 ? rows : Math.floor((rows - 2) / PAGE_SIZE) + 2;
}

/** The most that a company may bill of which nothing is known. */
function worstOfCompany(selections: Iterable<Selection>): CallCounts {
  const pages = new Set<number>();
  const worst = new CallCounts();
  for (const selection of selections) {
    const { shared, own } = worstOfSelection(selection);
    for (const page of shared) pages.add(page);
    worst.addAll(own);
  }
  worst.add(getList.name, pages.size);
  return worst;
}

interface WorstOfSelection {
  /** Pages, which other selections on the company may need too. */
  readonly shared: ReadonlySet<number>;
  /** Further calls. */
  readonly own: CallCounts;
}

/** Selections that were planned already: a hundred companies have the same one. */
const planned = new WeakMap<Selection, WorstOfSelection>();

function worstOfSelection(selection: Selection): WorstOfSelection {
  const known = planned.get(selection);
  if (known) return known;
  const shared = new Set<number>();
  const own = new CallCounts();
  const { demands, windows } = planCompany(selection, null);
  // A length, a VerifyResult, and the rows at the end of a list may need page 1.
  if (demands.some((demand) => demand.total || demand.verified || isLast(demand))) shared.add(1);
  for (const { window, demand, cases } of windows) {
    if (!demand.rows) continue;
    if (isLast(demand)) own.add(getList.name, maxPagesFor(window.count));
    else for (const page of pagesOf(firstRows(window))) shared.add(page);
    const details = planDetails(cases);
    if (details?.needsDetail) own.addAll(worstOfDetail(details.companies), window.count);
  }
  planned.set(selection, { shared, own });
  return { shared, own };
}

function isLast({ window, rows }: PageDemand): boolean {
  return rows && window?.side === 'last';
}

function firstRows({ start, count, end }: Window): Range {
  return { from: start, to: Math.min(start + count, end ?? LAST_ROW, LAST_ROW) };
}
