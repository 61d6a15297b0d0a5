import { useMemo, useState } from 'react';
import { Problems } from '../parts/Problems';
import { useCostText } from '../purchase/cost-text';
import { PurchasePanel } from '../purchase/PurchasePanel';
import { usePurchase } from '../purchase/use-purchase';
import { useText } from '../text/text';
import { CaseExplorer } from './CaseExplorer';
import { CompanyHeader } from './CompanyHeader';
import { casesOf } from './case-list';
import { useCompany } from './use-company';

/** The cases of one company, and what can be bought of it. */
export function CompanyCases({ searchKey }: { searchKey: string }) {
  const text = useText();
  const costText = useCostText();
  const company = useCompany(searchKey);
  const purchase = usePurchase();
  const { list, loading, problems, price } = company;
  const cases = useMemo(() => (list ? casesOf(list) : []), [list]);
  const [hidden, setHidden] = useState(0);
  const shown = problems.slice(hidden);
  return (
    <section aria-busy={loading}>
      {!list && <h2 className="page-title">{searchKey}</h2>}
      {!list && loading && (
        <p className="skeleton" role="status">
          {text.loading}
        </p>
      )}
      <Problems problems={shown} onRetry={company.open} />
      {shown.length > 0 && list && (
        <button type="button" className="link" onClick={() => setHidden(problems.length)}>
          {text.close}
        </button>
      )}
      {price && !loading && (
        <div className="empty">
          <p>{text.company.notHeld}</p>
          <button type="button" className="primary" onClick={company.open}>
            {text.company.open(costText.short(price))}
          </button>
        </div>
      )}
      {list && (
        <>
          <CompanyHeader list={list} cases={cases} purchase={purchase} onPage={company.add} />
          <PurchasePanel purchase={purchase} canLimit />
          {list.total === 0 ? (
            <p className="empty">{text.company.none}</p>
          ) : (
            <CaseExplorer list={list} cases={cases} />
          )}
        </>
      )}
    </section>
  );
}
