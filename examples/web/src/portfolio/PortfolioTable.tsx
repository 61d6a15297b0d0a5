import { amountUnit } from '../money/amount-unit';
import { SortHeader } from '../parts/SortHeader';
import { useStore } from '../store';
import { useText } from '../text/text';
import { PortfolioTableRow } from './PortfolioTableRow';
import type { PortfolioRow, PortfolioSort } from './portfolio-rows';

interface Props {
  readonly rows: readonly PortfolioRow[];
  readonly sort: PortfolioSort;
  readonly onSort: (sort: PortfolioSort) => void;
}

/** The companies of a list. */
export function PortfolioTable({ rows, sort, onSort }: Props) {
  const text = useText();
  const { columns, result } = text.portfolio;
  const unit = text.unitNames[useStore(amountUnit)];
  const head = (key: Exclude<PortfolioSort, 'input'>, label: string) => (
    <SortHeader
      label={label}
      isNumber
      isSorted={key === sort}
      descending
      onSort={() => onSort(key === sort ? 'input' : key)}
    />
  );
  return (
    <table className="rows many" aria-label={result}>
      <thead>
        <tr>
          <th scope="col">{columns.company}</th>
          <th scope="col">{columns.outcome}</th>
          {head('cases', columns.cases)}
          {head('enforcement', text.inUnit(columns.enforcement, unit))}
          {head('unperformed', text.inUnit(columns.unperformed, unit))}
          <th scope="col">{columns.newest}</th>
          <th scope="col">{columns.asOf}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <PortfolioTableRow
            key={row.searchKey}
            searchKey={row.searchKey}
            outcome={row.outcome}
            result={row.result}
            summary={row.summary}
          />
        ))}
      </tbody>
    </table>
  );
}
