import { Fragment, useState } from 'react';
import { CaseDetail } from './CaseDetail';
import { exactYuan, inWan, unperformedShare } from './format';
import type { PageQuery } from './gql/graphql';
import { useText } from './text';

export type Case = NonNullable<NonNullable<PageQuery['company']>['endCases']>['nodes'][number];

function Amount({ yuan }: { yuan: string | null | undefined }) {
  return (
    <span className="amount" title={exactYuan(yuan)}>
      {inWan(yuan)}
    </span>
  );
}

function Share({ one }: { one: Case }) {
  const share = unperformedShare(one.enforcementAmount, one.unperformedAmount);
  if (share === null) return <span className="quiet">—</span>;
  const percent = `${Math.round(share * 100)} %`;
  return (
    <span className="share">
      <span className="bar" aria-hidden="true">
        <span style={{ inlineSize: `${share * 100}%` }} />
      </span>
      {percent}
    </span>
  );
}

/** The cases of one page. A click on a row shows its detail. */
export function CaseTable({ cases, onSearch }: { cases: readonly Case[]; onSearch: (key: string) => void }) {
  const text = useText();
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const toggle = (id: string) => {
    const next = new Set(open);
    if (!next.delete(id)) next.add(id);
    setOpen(next);
  };
  const [caseNo, court, filed, ended, enforced, unperformed, share] = text.columns;
  return (
    <table>
      <thead>
        <tr>
          {text.columns.map((column, index) => (
            <th key={column} scope="col" className={index > 3 && index < 6 ? 'number' : undefined}>
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {cases.map((one) => {
          const opened = open.has(one.id);
          return (
            <Fragment key={one.id}>
              <tr className={opened ? 'opened' : undefined}>
                <td data-label={caseNo}>
                  <button
                    type="button"
                    className="row"
                    aria-expanded={opened}
                    aria-controls={`detail-${one.id}`}
                    onClick={() => toggle(one.id)}
                  >
                    {one.caseNo ?? '—'}
                  </button>
                </td>
                <td data-label={court}>{one.court ?? '—'}</td>
                <td data-label={filed} className="date">
                  {one.filingDate ?? '—'}
                </td>
                <td data-label={ended} className="date">
                  {one.endDate ?? '—'}
                </td>
                <td data-label={enforced} className="number">
                  <Amount yuan={one.enforcementAmount} />
                </td>
                <td data-label={unperformed} className="number">
                  <Amount yuan={one.unperformedAmount} />
                </td>
                <td data-label={share}>
                  <Share one={one} />
                </td>
              </tr>
              {opened && (
                <tr className="detail" id={`detail-${one.id}`}>
                  <td colSpan={text.columns.length}>
                    <CaseDetail id={one.id} onSearch={onSearch} />
                  </td>
                </tr>
              )}
            </Fragment>
          );
        })}
      </tbody>
    </table>
  );
}
