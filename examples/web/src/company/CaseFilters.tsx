import { useId, useMemo, useState } from 'react';
import { SHIFT } from '../money/amount-text';
import { multiplyByPowerOfTen, parseDecimal } from '../money/decimal';
import { Choice } from '../parts/Choice';
import { useLanguage, useText } from '../text/text';
import type { LocatedCase } from './case-list';
import { type CaseView, choicesOf, courtOf, initialView, type SortKey, UNKNOWN, yearOf } from './case-view';

interface Props {
  readonly cases: readonly LocatedCase[];
  readonly view: CaseView;
  readonly onChange: (view: CaseView) => void;
}

const SORTS: readonly SortKey[] = [
  'endDate',
  'filingDate',
  'court',
  'enforcementAmount',
  'unperformedAmount',
];

/** Chooses which cases are shown, and in which order. */
export function CaseFilters({ cases, view, onChange }: Props) {
  const text = useText();
  const { company } = text;
  const shift = SHIFT[useLanguage()];
  const amountId = useId();
  const [typed, setTyped] = useState('');
  const courts = useMemo(() => choicesOf(cases, courtOf), [cases]);
  const years = useMemo(() => choicesOf(cases, yearOf).reverse(), [cases]);
  const named = (unknown: string) => (value: string) => ({
    value,
    label: value === UNKNOWN ? unknown : value,
  });
  const all = { value: '', label: company.all };
  const typeAmount = (amount: string) => {
    setTyped(amount);
    const decimal = parseDecimal(amount.trim());
    onChange({ ...view, atLeast: decimal && multiplyByPowerOfTen(decimal, shift) });
  };
  return (
    <div className="filters">
      <Choice
        label={company.court}
        value={view.court}
        options={[all, ...courts.map(named(company.noCourt))]}
        onChange={(court) => onChange({ ...view, court })}
      />
      <Choice
        label={company.year}
        value={view.year}
        options={[all, ...years.map(named(company.noDate))]}
        onChange={(year) => onChange({ ...view, year })}
      />
      <div>
        <label htmlFor={amountId}>{company.atLeast}</label>
        <input
          id={amountId}
          inputMode="decimal"
          autoComplete="off"
          placeholder={company.atLeastHint}
          value={typed}
          onChange={(event) => typeAmount(event.target.value)}
        />
      </div>
      <Choice
        label={company.sort}
        value={view.sort}
        options={SORTS.map((value) => ({ value, label: company.columns[value] }))}
        onChange={(value) => onChange({ ...view, sort: SORTS.find((sort) => sort === value) ?? view.sort })}
      />
      <label className="check">
        <input
          type="checkbox"
          checked={view.descending}
          onChange={(event) => onChange({ ...view, descending: event.target.checked })}
        />
        {company.descending}
      </label>
      <button
        type="button"
        className="link"
        onClick={() => {
          setTyped('');
          onChange({ ...initialView, sort: view.sort, descending: view.descending });
        }}
      >
        {company.reset}
      </button>
    </div>
  );
}
