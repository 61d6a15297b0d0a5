import { useMemo, useState } from 'react';
import { amountUnit } from '../money/amount-unit';
import { Choice } from '../parts/Choice';
import { downloadCsv } from '../parts/download';
import { UnitSwitch } from '../parts/UnitSwitch';
import type { Purchase } from '../purchase/use-purchase';
import { useStore } from '../store';
import { useText } from '../text/text';
import type { CheckedList } from './check-list';
import { completeJob } from './complete-job';
import { PortfolioCharts } from './PortfolioCharts';
import { PortfolioTable } from './PortfolioTable';
import { PortfolioTotals } from './PortfolioTotals';
import type { Result } from './portfolio';
import { type PortfolioSort, rowsOf, sortRows } from './portfolio-rows';
import { usePortfolioCsv } from './use-portfolio-csv';

interface Props {
  readonly checked: CheckedList;
  readonly results: ReadonlyMap<string, Result>;
  readonly purchase: Purchase;
}

const SORTS: readonly PortfolioSort[] = ['input', 'cases', 'unperformed', 'enforcement'];

/** What was found: totals, pictures and a table. */
export function PortfolioResult({ checked, results, purchase }: Props) {
  const text = useText();
  const words = text.portfolio;
  const unit = useStore(amountUnit);
  const toCsv = usePortfolioCsv();
  const [sort, setSort] = useState<PortfolioSort>('input');
  const [isOnlyFound, setOnlyFound] = useState(false);
  const rows = useMemo(() => rowsOf(checked, results), [checked, results]);
  const shown = useMemo(() => {
    const sorted = sortRows(rows, sort);
    return isOnlyFound ? sorted.filter(({ outcome }) => outcome === 'found') : sorted;
  }, [rows, sort, isOnlyFound]);
  const partial = rows.filter(({ summary }) => summary && !summary.isComplete).length;
  const completable = rows.filter(({ summary }) => summary?.canComplete).length;
  const waiting = rows.filter(({ outcome }) => outcome === 'waiting').length;
  const { phase } = purchase.state;
  const isBusy = phase === 'running' || phase === 'pricing';
  return (
    <section className="stack" aria-label={words.result}>
      <PortfolioTotals rows={rows} />
      <PortfolioCharts rows={rows} />
      {waiting > 0 && !isBusy && <p className="notice">{words.limitHint(waiting)}</p>}
      {partial > 0 && (
        <div className="notice partial">
          <p>{words.partialHint(partial)}</p>
          {completable > 0 && (
            <button
              type="button"
              disabled={isBusy}
              onClick={() => purchase.offer(completeJob(words.completeTitle(completable)))}
            >
              {words.complete}
            </button>
          )}
        </div>
      )}
      <div className="toolbar">
        <div className="filters">
          <Choice
            label={words.sort}
            value={sort}
            options={SORTS.map((value) => ({ value, label: words.sorts[value] }))}
            onChange={(value) => setSort(SORTS.find((one) => one === value) ?? sort)}
          />
          <label className="check">
            <input
              type="checkbox"
              checked={isOnlyFound}
              onChange={(event) => setOnlyFound(event.target.checked)}
            />
            {words.only}
          </label>
        </div>
        <div className="actions">
          <UnitSwitch unit={unit} onChange={amountUnit.set} />
          <button type="button" onClick={() => downloadCsv(words.csvName, toCsv(checked, rows))}>
            {text.exportCsv}
          </button>
        </div>
      </div>
      <PortfolioTable rows={shown} sort={sort} onSort={setSort} />
    </section>
  );
}
