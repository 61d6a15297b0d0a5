import { compare, type Decimal, parseDecimal } from '../money/decimal';
import type { Case, LocatedCase } from './case-list';

export type SortKey = 'court' | 'filingDate' | 'endDate' | 'enforcementAmount' | 'unperformedAmount';

/** Which cases a reader wants to see, and in which order. */
export interface CaseView {
  /** Empty: all courts. */
  readonly court: string;
  /** A year of the end date; empty: all years. */
  readonly year: string;
  /** Yuan not performed, at least; cases without an amount are then left out. */
  readonly atLeast: Decimal | undefined;
  readonly sort: SortKey;
  readonly descending: boolean;
}

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

function isShown(one: Case, { court, year, atLeast }: CaseView): boolean {
  if (court !== '' && courtOf(one) !== court) return false;
  if (year !== '' && yearOf(one) !== year) return false;
  if (atLeast === undefined) return true;
  const unperformed = amountOf(one.unperformedAmount);
  return unperformed !== undefined && compare(unperformed, atLeast) >= 0;
}

const byText = new Intl.Collator('zh-CN').compare;

function compareBy(a: Case, b: Case, key: SortKey): number {
  if (key === 'enforcementAmount' || key === 'unperformedAmount') {
    const [left, right] = [amountOf(a[key]), amountOf(b[key])];
    return left && right ? compare(left, right) : 0;
  }
  return byText(a[key] ?? '', b[key] ?? '');
}

/** The cases of a view. Cases without the value that sorts them come last, in either direction. */
export function casesIn(cases: readonly LocatedCase[], view: CaseView): LocatedCase[] {
  const { sort, descending } = view;
  const sign = descending ? -1 : 1;
  return cases
    .filter(({ one }) => isShown(one, view))
    .sort(({ one: a }, { one: b }) => {
      const missing = Number(a[sort] == null) - Number(b[sort] == null);
      return missing === 0 ? sign * compareBy(a, b, sort) : missing;
    });
}

/** The values to choose from, unknown ones last. */
export function choicesOf(cases: readonly LocatedCase[], nameOf: (one: Case) => string): string[] {
  const values = new Set(cases.map(({ one }) => nameOf(one)));
  const isLast = values.delete(UNKNOWN);
  return [...[...values].sort(byText), ...(isLast ? [UNKNOWN] : [])];
}
