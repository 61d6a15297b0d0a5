import { useQuery } from '@apollo/client/react';
import { Evidence } from './Evidence';
import { Failure } from './Failure';
import { DETAIL } from './operations';
import { useText } from './text';

/** The fields that only the detail has. It is bought when it is first shown. */
export function CaseDetail({ id, onSearch }: { id: string; onSearch: (searchKey: string) => void }) {
  const text = useText();
  const { data, loading, error, refetch } = useQuery(DETAIL, { variables: { id }, errorPolicy: 'all' });
  if (loading) return <p className="quiet">{text.loading}</p>;
  const detail = data?.endCase?.detail;
  const debtor = detail?.judgmentDebtor;
  const company = debtor?.company;
  return (
    <>
      <Failure error={error} onRetry={() => void refetch()} />
      {!detail && !error && <p className="quiet">{text.unknownCase}</p>}
      {detail && (
        <Evidence
          retrievedAt={detail.retrievedAt}
          stale={detail.stale}
          orderNumbers={detail.orderNumber == null ? [] : [detail.orderNumber]}
        />
      )}
      {detail && (
        <dl>
          <dt>{text.debtor}</dt>
          <dd>
            {debtor?.name ?? '—'}
            {company && (
              <button type="button" className="link" onClick={() => onSearch(company.searchKey)}>
                {text.ofDebtor}
              </button>
            )}
          </dd>
          <dt>{text.certificateNo}</dt>
          <dd>{detail.certificateNo ?? '—'}</dd>
        </dl>
      )}
    </>
  );
}
