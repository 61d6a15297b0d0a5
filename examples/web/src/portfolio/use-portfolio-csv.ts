import { pageCost } from '../graph/page-cost';
import { toText } from '../money/decimal';
import { kindOf } from '../parts/advice';
import { useText } from '../text/text';
import type { CheckedList, CheckedRow } from './check-list';
import type { PortfolioRow } from './portfolio-rows';

/** Writes a list as the rows of a CSV file: one for each row of the list, in its order, invalid ones too. */
export function usePortfolioCsv() {
  const text = useText();
  const { portfolio, company, problems } = text;
  const yesOrNo = (value: boolean) => (value ? company.yes : company.no);

  const found = ({ searchKey, outcome, result, summary }: PortfolioRow): string[] => {
    const [problem] = result?.problems ?? [];
    return [
      searchKey,
      portfolio.outcome[outcome],
      summary ? String(summary.cases) : '',
      summary ? String(summary.loaded) : '',
      summary ? yesOrNo(summary.isComplete) : '',
      summary ? toText(summary.enforcement.sum) : '',
      summary ? toText(summary.unperformed.sum) : '',
      summary ? String(summary.unperformed.missing) : '',
      summary?.newest ?? '',
      summary?.origin?.retrievedAt ?? '',
      summary?.origin ? yesOrNo(summary.origin.stale) : '',
      summary?.origin?.orderNumbers.join(' ') ?? '',
      problem ? problems[kindOf(problem)].title : '',
    ];
  };
  const invalid = ({ reason }: CheckedRow): string[] => [
    ...['', portfolio.invalid, ...Array.from({ length: 10 }, () => '')],
    portfolio.reason[reason ?? 'other'],
  ];

  return ({ rows }: CheckedList, companies: readonly PortfolioRow[]): string[][] => {
    const byKey = new Map(companies.map((row) => [row.searchKey, row]));
    const sandbox = yesOrNo(pageCost.get().sandbox);
    return [
      [...portfolio.csv],
      ...rows.map((row) => {
        const company = byKey.get(row.searchKey ?? '');
        return [String(row.line), row.typed, ...(company ? found(company) : invalid(row)), sandbox];
      }),
    ];
  };
}
