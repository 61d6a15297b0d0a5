import { getDetail, getList, LAST_ROW, PAGE_SIZE } from '../../qcc/methods.js';
import { foldSearchKey } from '../../qcc/search-key.js';
import { type PageDemand, pagesOf, type Range } from '../paging/page-plan.js';
import type { Window } from '../paging/window.js';
import { CallCounts } from './call-counts.js';
import { planCompany, planDetails, planPurchases } from './purchase-plan.js';
import type { Selection } from './selection.js';

/** The most that an operation may bill, whatever is cached. It looks nothing up. */
export function worstCase(root: Selection): CallCounts {
  const { companies, cases } = planPurchases(root);
  const selections = new Map<string, Selection[]>();
  for (const { searchKey, selection } of companies) {
    const company = foldSearchKey(searchKey);
    selections.set(company, [...(selections.get(company) ?? []), selection]);
  }
  const worst = new CallCounts();
  for (const onCompany of selections.values()) worst.addAll(worstOfCompany(onCompany));
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
    const { demands, windows } = planCompany(selection, null);
    // A length, a VerifyResult, and the rows at the end of a list may need page 1.
    if (demands.some((demand) => demand.total || demand.verified || isLast(demand))) pages.add(1);
    for (const { window, demand, cases } of windows) {
      if (!demand.rows) continue;
      if (isLast(demand)) worst.add(getList.name, maxPagesFor(window.count));
      else for (const page of pagesOf(firstRows(window))) pages.add(page);
      const details = planDetails(cases);
      if (details?.needsDetail) worst.addAll(worstOfDetail(details.companies), window.count);
    }
  }
  worst.add(getList.name, pages.size);
  return worst;
}

function isLast({ window, rows }: PageDemand): boolean {
  return rows && window?.side === 'last';
}

function firstRows({ start, count, end }: Window): Range {
  return { from: start, to: Math.min(start + count, end ?? LAST_ROW, LAST_ROW) };
}
