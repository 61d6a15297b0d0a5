import { compare } from '../money/decimal';
import type { CheckedList } from './check-list';
import type { Result } from './portfolio';
import { type Summary, summaryOf } from './summary';

export type Outcome = 'waiting' | 'none' | 'found' | 'failed';
export type PortfolioSort = 'input' | 'cases' | 'unperformed' | 'enforcement';

/** A company of the list. */
export interface PortfolioRow {
  readonly searchKey: string;
  readonly outcome: Outcome;
  readonly result: Result | undefined;
  readonly summary: Summary | undefined;
}

function outcomeOf(result: Result | undefined): Outcome {
  if (!result) return 'waiting';
  if (!result.list) return 'failed';
  return result.list.total === 0 ? 'none' : 'found';
}

/** Each company once, in the order of the list. */
export function rowsOf({ companies }: CheckedList, results: ReadonlyMap<string, Result>): PortfolioRow[] {
  return companies.map((searchKey) => {
    const result = results.get(searchKey);
    return {
      searchKey,
      result,
      outcome: outcomeOf(result),
      summary: result?.list && summaryOf(result.list),
    };
  });
}

/** The largest first; companies without a result last. */
export function sortRows(rows: readonly PortfolioRow[], sort: PortfolioSort): PortfolioRow[] {
  if (sort === 'input') return [...rows];
  return rows.toSorted(({ summary: a }, { summary: b }) => {
    if (!a || !b) return Number(!a) - Number(!b);
    return sort === 'cases' ? b.cases - a.cases : compare(b[sort].sum, a[sort].sum);
  });
}
