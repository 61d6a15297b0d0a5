import { Evidence } from '../parts/Evidence';
import type { Purchase } from '../purchase/use-purchase';
import { useText } from '../text/text';
import { type CaseList, type LocatedCase, MAX_ROWS, originOf } from './case-list';
import { loadJob, missingOffsets, refreshJob } from './jobs';
import type { Company } from './use-company';

interface Props {
  readonly list: CaseList;
  readonly cases: readonly LocatedCase[];
  readonly purchase: Purchase;
  readonly onPage: Company['add'];
}

/** What a company is, how much of it is loaded, and the buttons that load more. */
export function CompanyHeader({ list, cases, purchase, onPage }: Props) {
  const text = useText().company;
  const missing = missingOffsets(list);
  const origin = originOf(list.pages.values());
  const isBusy = purchase.state.phase === 'running' || purchase.state.phase === 'pricing';
  const load = (title: string, offsets: readonly number[]) =>
    purchase.offer(loadJob(title, list, offsets, onPage));
  return (
    <header className="company">
      <div>
        <h2 className="page-title" tabIndex={-1}>
          {list.searchKey}
        </h2>
        <p>
          {text.total(list.total)} <span className="quiet">· {text.kind[list.kind]}</span>
        </p>
        {missing.length > 0 && <p className="quiet">{text.loaded(cases.length, list.total)}</p>}
        {origin && <Evidence origin={origin} />}
      </div>
      <div className="actions">
        {missing.length > 1 && (
          <button type="button" disabled={isBusy} onClick={() => load(text.loadMore, missing.slice(0, 1))}>
            {text.loadMore}
          </button>
        )}
        {missing.length > 0 && (
          <button type="button" disabled={isBusy} onClick={() => load(text.loadAll, missing)}>
            {text.loadAll}
          </button>
        )}
        <button
          type="button"
          disabled={isBusy}
          onClick={() => purchase.offer(refreshJob(text.refreshTitle(cases.length), list, onPage))}
        >
          {text.refresh}
        </button>
      </div>
      {missing.length === 0 && list.total > MAX_ROWS && (
        <p className="notice" role="status">
          {text.end(list.total)}
        </p>
      )}
    </header>
  );
}
