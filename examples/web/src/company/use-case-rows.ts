import { pageCost } from '../graph/page-cost';
import { useText } from '../text/text';
import type { LocatedCase } from './case-list';

/** Writes cases as the rows of a CSV file: amounts in yuan with every digit, each case with the answer that it came in. */
export function useCaseRows(searchKey: string): (cases: readonly LocatedCase[]) => string[][] {
  const { company } = useText();
  const yesOrNo = (value: boolean) => (value ? company.yes : company.no);
  return (cases) => [
    [...company.csv],
    ...cases.map(({ one, page }) => [
      searchKey,
      one.caseNo ?? '',
      one.court ?? '',
      one.filingDate ?? '',
      one.endDate ?? '',
      one.enforcementAmount ?? '',
      one.unperformedAmount ?? '',
      page.retrievedAt,
      yesOrNo(page.stale),
      page.orderNumbers.join(' '),
      yesOrNo(pageCost.get().sandbox),
    ]),
  ];
}
