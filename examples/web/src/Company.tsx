import { useApolloClient, useQuery } from '@apollo/client/react';
import { useCallback, useEffect, useState } from 'react';
import { type Case, CaseTable } from './CaseTable';
import { Evidence } from './Evidence';
import { Failure } from './Failure';
import { PAGE } from './operations';
import { useText } from './text';
import { YearChart } from './YearChart';

const PAGE_SIZE = 20;
/** QCC pages no further. */
const MAX_ROWS = 5000;

/** A company's cases: a table by pages, and a chart of all loaded cases. */
export function Company({ searchKey, onSearch }: { searchKey: string; onSearch: (key: string) => void }) {
  const text = useText();
  const client = useApolloClient();
  const [page, setPage] = useState(0);
  const [loaded, setLoaded] = useState<ReadonlyMap<string, Case>>(new Map());
  const variables = { searchKey, first: PAGE_SIZE, offset: page * PAGE_SIZE };
  const { data, previousData, loading, error, refetch } = useQuery(PAGE, { variables, errorPolicy: 'all' });
  const company = (data ?? previousData)?.company;
  const connection = company?.endCases;
  const rows = connection?.nodes;

  const add = useCallback((cases: readonly Case[]) => {
    setLoaded((known) => new Map([...known, ...cases.map((one): [string, Case] => [one.id, one])]));
  }, []);
  useEffect(() => {
    if (rows) add(rows);
  }, [rows, add]);

  const total = connection?.totalCount ?? 0;
  const pages = Math.max(1, Math.ceil(Math.min(total, MAX_ROWS) / PAGE_SIZE));
  const pagesLeft = Math.max(0, pages - Math.ceil(loaded.size / PAGE_SIZE));
  const loadAll = async () => {
    for (let next = 0; next < pages; next++) {
      const result = await client.query({
        query: PAGE,
        variables: { ...variables, offset: next * PAGE_SIZE },
        errorPolicy: 'all',
      });
      if (result.error) return;
      add(result.data?.company?.endCases?.nodes ?? []);
    }
  };

  return (
    <section aria-busy={loading}>
      <Failure error={error} onRetry={() => void refetch()} />
      {!company && loading && <div className="skeleton" role="status" aria-label={text.loading} />}
      {company && (
        <header className="company">
          <h2>{company.searchKey}</h2>
          <p className="quiet">
            {text.kind[company.searchKeyKind]}
            {connection && ` · ${text.total(total)}`}
          </p>
          {connection && (
            <Evidence
              retrievedAt={connection.retrievedAt}
              stale={connection.stale}
              orderNumbers={connection.orderNumbers}
            />
          )}
        </header>
      )}
      {connection && total === 0 && <p className="empty">{text.none}</p>}
      {connection && total > 0 && (
        <>
          <section className="years" aria-label={text.chart}>
            <h3>
              {text.chart} <span className="quiet">{text.chartOf(loaded.size, total)}</span>
            </h3>
            <YearChart cases={[...loaded.values()]} />
            {pagesLeft > 0 && (
              <button type="button" className="link" onClick={() => void loadAll()}>
                {text.loadAll(pagesLeft)}
              </button>
            )}
          </section>
          <div className={loading ? 'fading' : undefined}>
            <CaseTable cases={connection.nodes} onSearch={onSearch} />
          </div>
          <nav aria-label={text.page(page + 1, pages)}>
            <button type="button" disabled={page === 0 || loading} onClick={() => setPage(page - 1)}>
              {text.previous}
            </button>
            <span aria-live="polite">{text.page(page + 1, pages)}</span>
            <button type="button" disabled={page + 1 >= pages || loading} onClick={() => setPage(page + 1)}>
              {text.next}
            </button>
          </nav>
        </>
      )}
    </section>
  );
}
