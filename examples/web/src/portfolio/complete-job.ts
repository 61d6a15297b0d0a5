import { withPage } from '../company/case-list';
import { missingOffsets } from '../company/jobs';
import { buyPages, pricePages } from '../company/page-purchase';
import { addEstimates, FREE } from '../money/estimate';
import { inTurns } from '../purchase/in-turns';
import type { Job } from '../purchase/use-purchase';
import { addResults, portfolio } from './portfolio';

const CONCURRENCY = 4;

/** The companies whose cases are not all loaded, with the offsets of the missing pages. */
function incompleteCompanies(): [string, number[]][] {
  return [...portfolio.get().results].flatMap(([key, { list }]) => {
    const offsets = list ? missingOffsets(list) : [];
    return offsets.length > 0 ? [[key, offsets] as [string, number[]]] : [];
  });
}

/** All further pages of all companies, so that their sums are complete. */
export function completeJob(title: string): Job {
  return {
    title,
    async price(signal) {
      let total = FREE;
      await inTurns(incompleteCompanies(), CONCURRENCY, async ([key, offsets]) => {
        const estimate = await pricePages(key, offsets, { signal });
        total = addEstimates(total, estimate);
      });
      return total;
    },
    async run(run) {
      const requests = incompleteCompanies().flatMap(([searchKey, offsets]) =>
        offsets.map((offset) => ({ searchKey, offset })),
      );
      await buyPages(requests, run, ({ searchKey, offset }, answer) => {
        const known = portfolio.get().results.get(searchKey);
        if (!known) return;
        const list = withPage(known.list, offset, answer);
        addResults([[searchKey, { list, problems: [...known.problems, ...answer.problems] }]]);
      });
    },
  };
}
