import type { Job } from '../purchase/use-purchase';
import { allOffsets, type CaseList } from './case-list';
import { buyPages, pricePages } from './page-purchase';
import type { Company } from './use-company';

/** The pages that the reader does not have yet. */
export const missingOffsets = ({ total, pages }: CaseList) =>
  allOffsets(total).filter((offset) => !pages.has(offset));

/** Buys pages of a company that the reader does not have yet. */
export function loadJob(title: string, list: CaseList, offsets: readonly number[], add: Company['add']): Job {
  const { searchKey } = list;
  return {
    title,
    price: (signal) => pricePages(searchKey, offsets, { signal }),
    run: (run) =>
      buyPages(
        offsets.map((offset) => ({ searchKey, offset })),
        run,
        ({ offset }, answer) => add(offset, answer),
      ),
  };
}

/** Buys anew the pages that the reader has. */
export function refreshJob(title: string, list: CaseList, add: Company['add']): Job {
  const { searchKey } = list;
  const offsets = [...list.pages.keys()].sort((a, b) => a - b);
  return {
    title,
    price: (signal) => pricePages(searchKey, offsets, { signal, maxAge: 0 }),
    run: (run) =>
      buyPages(
        offsets.map((offset) => ({ searchKey, offset })),
        run,
        ({ offset }, answer) => add(offset, answer),
        { maxAge: 0 },
      ),
  };
}
