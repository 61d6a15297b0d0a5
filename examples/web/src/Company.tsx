import { useApolloClient, useQuery } from '@apollo/client/react';
import { useCallback, useEffect, useState } from 'react';
import { type Case, CaseTable } from './CaseTable';
import { Failure } from './Failure';
import { PAGE } from './operations';
import { useText } from './text';
import { YearChart } from './YearChart';

const ROWS = 20;

/** A company's cases: the table by pages, and the chart of what has been loaded. */
export function Company({ searchKey, onSearch }: { searchKey: string; onSearch: (key: string) => void }) {
  const text = useText();
  const client = useApolloClient();
  const [page, setPage] = useState(0);
  const [seen, setSeen] = useState<ReadonlyMap<string, Case>>(new Map());
  const variables = { searchKey, first: ROWS, offset: page * ROWS };
  const { data, previousData, loading, error, refetch } = useQuery(PAGE, { variables, errorPolicy: 'all' });
  const company = (data ?? previousData)?.company;
  const connection = company?.endCases;
  const rows = connection?.nodes;

  const add = useCallback((cases: readonly Case[]) => {
    setSeen((known) => new Map([...known, ...cases.map((one): [string, Case] => [one.id, one])]));
  }, []);
  useEffect(() => {
    if (rows) add(rows);
  }, [rows, add]);

  const total = connection?.totalCount ?? 0;
  const pages = Math.max(1, Math.ceil(Math.min(total, 5000) / ROWS));
  const left = Math.max(0, pages - Math.ceil(seen.size / ROWS));
  const loadAll = async () => {
    for (let next = 0; next < pages; next++) {
      const result = await client.query({
        query: PAGE,
        variables: { ...variables, offset: next * ROWS },
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
        </header>
      )}
      {connection && total === 0 && <p className="empty">{text.none}</p>}
      {connection && total > 0 && (
        <>
          <section className="years" aria-label={text.chart}>
            <h3>
              {text.chart} <span className="quiet">{text.chartOf(seen.size, total)}</span>
            </h3>
            <YearChart cases={[...seen.values()]} />
            {left > 0 && (
              <button type="button" className="link" onClick={() => void loadAll()}>
                {text.loadAll(left)}
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
