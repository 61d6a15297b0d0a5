import { parseDecimal, ratio } from '../money/decimal';
import { Amount } from '../parts/Amount';
import { useText } from '../text/text';
import { CaseDetail } from './CaseDetail';
import type { Case, LocatedCase } from './case-list';

interface Props {
  readonly located: LocatedCase;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

const COLUMNS = 7;

export function CaseRow({ located, isOpen, onToggle }: Props) {
  const { columns } = useText().company;
  const { one } = located;
  const id = `detail-${one.id}`;
  return (
    <>
      <tr className={isOpen ? 'opened' : undefined}>
        <td>
          <button
            type="button"
            className="row"
            aria-expanded={isOpen}
            aria-controls={isOpen ? id : undefined}
            onClick={onToggle}
          >
            {one.caseNo ?? '—'}
          </button>
        </td>
        <td data-label={columns.court}>{one.court ?? '—'}</td>
        <td data-label={columns.filingDate} className="date">
          {one.filingDate ?? '—'}
        </td>
        <td data-label={columns.endDate} className="date">
          {one.endDate ?? '—'}
        </td>
        <td data-label={columns.enforcementAmount} className="number">
          <Amount yuan={one.enforcementAmount} />
        </td>
        <td data-label={columns.unperformedAmount} className="number">
          <Amount yuan={one.unperformedAmount} />
        </td>
        <td data-label={columns.share}>
          <Share one={one} />
        </td>
      </tr>
      {isOpen && (
        <tr className="detail" id={id}>
          <td colSpan={COLUMNS}>
            <CaseDetail located={located} />
          </td>
        </tr>
      )}
    </>
  );
}

function Share({ one: { enforcementAmount, unperformedAmount } }: { one: Case }) {
  const [whole, rest] = [parseDecimal(enforcementAmount ?? ''), parseDecimal(unperformedAmount ?? '')];
  if (!whole || !rest || whole.units <= 0n) return <span className="quiet">—</span>;
  const share = ratio(rest, whole);
  return (
    <span className="share">
      <span className="bar" aria-hidden="true">
        <span style={{ inlineSize: `${Math.min(1, Math.max(0, share)) * 100}%` }} />
      </span>
      {Math.round(share * 100)}%
    </span>
  );
}
