import { compare, type Decimal, parseDecimal } from '../money/decimal';
import type { Case, LocatedCase } from './case-list';

export type SortKey = 'court' | 'filingDate' | 'endDate' | 'enforcementAmount' | 'unperformedAmount';

/** Which cases a reader wants to see. */
export interface CaseFilter {
  /** Empty: all courts. */
  readonly court: string;
  /** A year of the end date; empty: all years. */
  readonly year: string;
  /** Yuan not performed, at least; cases without an amount are then left out. */
  readonly atLeast: Decimal | undefined;
}

/** In which order a reader wants to see them. */
export interface CaseOrder {
  readonly sort: SortKey;
  readonly descending: boolean;
}

export type CaseView = CaseFilter & CaseOrder;

/** In place of a court or a year that QCC does not give. */
export const UNKNOWN = '—';

export const initialView: CaseView = {
  court: '',
  year: '',
  atLeast: undefined,
  sort: 'endDate',
  descending: true,
};

export const courtOf = ({ court }: Case) => court ?? UNKNOWN;
export const yearOf = ({ endDate }: Case) => endDate?.slice(0, 4) ?? UNKNOWN;

const amountOf = (yuan: string | null | undefined) => (yuan == null ? undefined : parseDecimal(yuan));

function isShown(one: Case, { court, year, atLeast }: CaseFilter): boolean {
  if (court !== '' && courtOf(one) !== court) return false;
  if (year !== '' && yearOf(one) !== year) return false;
  if (atLeast === undefined) return true;
  const unperformed = amountOf(one.unperformedAmount);
  return unperformed !== undefined && compare(unperformed, atLeast) >= 0;
}

const byText = new Intl.Collator('zh-CN').compare;

type Compare = (a: LocatedCase, b: LocatedCase) => number;

/** Compares cases by one field. Amounts are read once for each case, not once for each comparison. */
function comparison(cases: readonly LocatedCase[], key: SortKey): Compare {
  if (key === 'court') return ({ one: a }, { one: b }) => byText(a.court ?? '', b.court ?? '');
  if (key === 'filingDate' || key === 'endDate') {
    return ({ one: a }, { one: b }) => compareTexts(a[key] ?? '', b[key] ?? '');
  }
  const amounts = new Map(cases.map(({ one }) => [one, amountOf(one[key])]));
  return ({ one: a }, { one: b }) => {
    const [left, right] = [amounts.get(a), amounts.get(b)];
    return left && right ? compare(left, right) : 0;
  };
}

const compareTexts = (a: string, b: string) => (a < b ? -1 : Number(a > b));

/** The cases that pass a filter, in QCC's order. */
export const filterCases = (cases: readonly LocatedCase[], filter: CaseFilter) =>
  cases.filter(({ one }) => isShown(one, filter));

/** The cases in an order. Cases without the value that sorts them come last, in either direction. */
export function sortCases(cases: readonly LocatedCase[], { sort, descending }: CaseOrder): LocatedCase[] {
  const sign = descending ? -1 : 1;
  const compareCases = comparison(cases, sort);
  return cases.toSorted((a, b) => {
    const missing = Number(a.one[sort] == null) - Number(b.one[sort] == null);
    return missing === 0 ? sign * compareCases(a, b) : missing;
  });
}

/** The values to choose from, unknown ones last. */
export function choicesOf(cases: readonly LocatedCase[], nameOf: (one: Case) => string): string[] {
  const values = new Set(cases.map(({ one }) => nameOf(one)));
  const isLast = values.delete(UNKNOWN);
  return [...[...values].sort(byText), ...(isLast ? [UNKNOWN] : [])];
}
