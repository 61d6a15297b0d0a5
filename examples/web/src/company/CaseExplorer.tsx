import { useDeferredValue, useMemo, useState } from 'react';
import { amountUnit } from '../money/amount-unit';
import { downloadCsv } from '../parts/download';
import { Pager } from '../parts/Pager';
import { UnitSwitch } from '../parts/UnitSwitch';
import { useStore } from '../store';
import { useText } from '../text/text';
import { CaseCharts } from './CaseCharts';
import { CaseFilters } from './CaseFilters';
import { CaseSums } from './CaseSums';
import { CaseTable } from './CaseTable';
import type { CaseList, LocatedCase } from './case-list';
import { type CaseView, filterCases, initialView, type SortKey, sortCases } from './case-view';
import { useCaseRows } from './use-case-rows';

const ROWS = 50;

/** The loaded cases of a company: sums, charts, filters and a table. */
export function CaseExplorer({ list, cases }: { list: CaseList; cases: readonly LocatedCase[] }) {
  const text = useText();
  const unit = useStore(amountUnit);
  const toRows = useCaseRows(list.searchKey);
  const [view, setView] = useState<CaseView>(initialView);
  const [page, setPage] = useState(0);
  const loaded = useDeferredValue(cases);
  const { court, year, atLeast, sort, descending } = view;
  const shown = useMemo(() => filterCases(loaded, { court, year, atLeast }), [loaded, court, year, atLeast]);
  const sorted = useMemo(() => sortCases(shown, { sort, descending }), [shown, sort, descending]);
  const change = (next: CaseView) => {
    setView(next);
    setPage(0);
  };
  const sortBy = (sort: SortKey) =>
    change({ ...view, sort, descending: view.sort === sort ? !view.descending : true });
  const pages = Math.ceil(shown.length / ROWS);
  const current = Math.min(page, Math.max(0, pages - 1));
  return (
    <>
      <CaseSums shown={shown} total={list.total} />
      <CaseCharts cases={shown} />
      <section aria-label={text.company.filters} className="toolbar">
        <CaseFilters cases={loaded} view={view} onChange={change} />
        <div className="actions">
          <UnitSwitch unit={unit} onChange={amountUnit.set} />
          <button
            type="button"
            onClick={() => downloadCsv(text.company.csvName(list.searchKey), toRows(sorted))}
          >
            {text.exportCsv}
          </button>
        </div>
      </section>
      {shown.length === 0 ? (
        <p className="empty">{text.company.nothingShown}</p>
      ) : (
        <CaseTable
          cases={sorted.slice(current * ROWS, (current + 1) * ROWS)}
          sort={view.sort}
          descending={view.descending}
          onSort={sortBy}
        />
      )}
      <Pager page={current} pages={pages} onChange={setPage} />
    </>
  );
}
