import { useState } from 'react';
import { amountUnit } from '../money/amount-unit';
import { SortHeader } from '../parts/SortHeader';
import { useStore } from '../store';
import { useText } from '../text/text';
import { CaseRow } from './CaseRow';
import type { LocatedCase } from './case-list';
import type { SortKey } from './case-view';

interface Props {
  readonly cases: readonly LocatedCase[];
  readonly sort: SortKey;
  readonly descending: boolean;
  readonly onSort: (key: SortKey) => void;
}

/** A table of cases. Each row opens to its details. */
export function CaseTable({ cases, sort, descending, onSort }: Props) {
  const text = useText();
  const { columns, table } = text.company;
  const unit = text.unitNames[useStore(amountUnit)];
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const toggle = (id: string) => {
    const next = new Set(open);
    if (!next.delete(id)) next.add(id);
    setOpen(next);
  };
  const head = (key: SortKey, isNumber = false) => (
    <SortHeader
      label={isNumber ? text.inUnit(columns[key], unit) : columns[key]}
      isNumber={isNumber}
      isSorted={key === sort}
      descending={descending}
      onSort={() => onSort(key)}
    />
  );
  return (
    <table className="rows" aria-label={table}>
      <thead>
        <tr>
          <th scope="col">{columns.caseNo}</th>
          {head('court')}
          {head('filingDate')}
          {head('endDate')}
          {head('enforcementAmount', true)}
          {head('unperformedAmount', true)}
          <th scope="col">{columns.share}</th>
        </tr>
      </thead>
      <tbody>
        {cases.map((located) => (
          <CaseRow
            key={located.one.id}
            located={located}
            isOpen={open.has(located.one.id)}
            onToggle={() => toggle(located.one.id)}
          />
        ))}
      </tbody>
    </table>
  );
}
