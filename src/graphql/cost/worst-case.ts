import { LAST_ROW, PAGE_SIZE } from '../../qcc/methods.js';
import { type PageDemand, pagesOf, type Range } from '../paging/page-plan.js';
import type { Window } from '../paging/window.js';
import { readCompany, readDetails, readRoot } from './purchase-plan.js';
import type { Selection } from './selection.js';

/** The most that an operation may bill whatever has been bought: told at once, without looking anything up. */
export function worstCase(root: Selection): number {
  const { companies, cases } = readRoot(root);
  const selections = new Map<string, Selection[]>();
  for (const { searchKey, selection } of companies) {
    selections.set(searchKey, [...(selections.get(searchKey) ?? []), selection]);
  }
  let worst = 0;
  for (const same of selections.values()) worst += worstOf(same);
  for (const { selection } of cases) worst += 1 + worstOf(readDetails([selection])?.companies ?? []);
  return worst;
}

/** The most pages on which so many rows in a row can lie. */
export function pagesAnywhere(rows: number): number {
  return rows < 2 ? rows : Math.floor((rows - 2) / PAGE_SIZE) + 2;
}

/** The most that a company may need of which nothing is known. */
export function worstOf(companies: Iterable<Selection>): number {
  const pages = new Set<number>();
  let worst = 0;
  for (const selection of companies) {
    const { demands, windows } = readCompany(selection, null);
    // A length or a VerifyResult, and the rows of a list's end, may need page 1.
    if (demands.some((demand) => demand.total || demand.verified || isLast(demand))) pages.add(1);
    for (const { window, demand, cases } of windows) {
      if (!demand.rows) continue;
      if (isLast(demand)) worst += pagesAnywhere(window.count);
      else for (const page of pagesOf(firstRows(window))) pages.add(page);
      const details = readDetails(cases);
      if (details?.bought) worst += window.count * (1 + worstOf(details.companies));
    }
  }
  return worst + pages.size;
}

function isLast({ window, rows }: PageDemand): boolean {
  return rows && window?.side === 'last';
}

function firstRows({ start, count, end }: Window): Range {
  return { from: start, to: Math.min(start + count, end ?? LAST_ROW, LAST_ROW) };
}
