import { exactYuan } from '../money/amount-text';
import { Evidence } from '../parts/Evidence';
import { Problems } from '../parts/Problems';
import { useCostText } from '../purchase/cost-text';
import { addressOf } from '../routing/route';
import { useText } from '../text/text';
import type { LocatedCase } from './case-list';
import { useDetail } from './use-detail';

/** The exact amounts of a case, where they come from, and the fields that only its detail has. */
export function CaseDetail({ located: { one, page } }: { located: LocatedCase }) {
  const text = useText();
  const { detail: words } = text.company;
  const costText = useCostText();
  const { loading, detail, problems, price, isCertificateHidden, open } = useDetail(one.id);
  const debtor = detail?.judgmentDebtor;
  return (
    <div className="case-detail">
      <div>
        <dl>
          <dt>{words.enforcement}</dt>
          <dd>{exactYuan(one.enforcementAmount)}</dd>
          <dt>{words.unperformed}</dt>
          <dd>{exactYuan(one.unperformedAmount)}</dd>
        </dl>
        <Evidence origin={page} />
      </div>
      <div>
        {loading && <p className="quiet">{text.loading}</p>}
        <Problems problems={problems} onRetry={open} />
        {!loading && price && (
          <button type="button" onClick={open}>
            {words.open(costText.short(price))}
          </button>
        )}
        {!loading && detail === null && !price && <p className="quiet">{words.unknown}</p>}
        {detail && (
          <>
            <dl>
              <dt>{words.debtor}</dt>
              <dd>
                {debtor?.name ?? '—'}
                {debtor?.company && (
                  <a href={addressOf({ view: 'company', searchKey: debtor.company.searchKey })}>
                    {words.ofDebtor}
                  </a>
                )}
              </dd>
              <dt>{words.certificateNo}</dt>
              <dd>{isCertificateHidden ? words.noScope : (detail.certificateNo ?? '—')}</dd>
            </dl>
            <Evidence
              origin={{
                retrievedAt: detail.retrievedAt,
                stale: detail.stale,
                orderNumbers: detail.orderNumber == null ? [] : [detail.orderNumber],
              }}
            />
          </>
        )}
      </div>
    </div>
  );
}
