import { add, compare } from '../money/decimal';
import { addAmount, NOTHING, type Total } from '../money/total';
import type { Case, LocatedCase } from './case-list';
import { courtOf, UNKNOWN, yearOf } from './case-view';

/** Cases that have a year or a court in common. */
export interface CaseGroup {
  readonly name: string;
  readonly cases: number;
  readonly unperformed: Total;
}

function groupBy(cases: readonly LocatedCase[], nameOf: (one: Case) => string): CaseGroup[] {
  const groups = new Map<string, CaseGroup>();
  for (const { one } of cases) {
    const name = nameOf(one);
    const known = groups.get(name) ?? { name, cases: 0, unperformed: NOTHING };
    groups.set(name, {
      name,
      cases: known.cases + 1,
      unperformed: addAmount(known.unperformed, one.unperformedAmount),
    });
  }
  return [...groups.values()];
}

/** Newest first. Cases without a date are a group of their own, the last. */
export function byYear(cases: readonly LocatedCase[]): CaseGroup[] {
  const order = ({ name }: CaseGroup) => (name === UNKNOWN ? '' : name);
  return groupBy(cases, yearOf).sort((a, b) => (order(a) < order(b) ? 1 : -1));
}

/** The largest unperformed sum first. */
export function byCourt(cases: readonly LocatedCase[]): CaseGroup[] {
  return groupBy(cases, courtOf).sort(
    (a, b) => compare(b.unperformed.sum, a.unperformed.sum) || b.cases - a.cases,
  );
}

/** The first groups, and all others as one. */
export function firstOf(groups: readonly CaseGroup[], count: number) {
  const others = groups.slice(count);
  const [start] = others;
  if (start === undefined) return { first: groups, rest: undefined, others: 0 };
  const rest = others.slice(1).reduce<CaseGroup>(
    (sum, { cases, unperformed }) => ({
      name: sum.name,
      cases: sum.cases + cases,
      unperformed: {
        sum: add(sum.unperformed.sum, unperformed.sum),
        missing: sum.unperformed.missing + unperformed.missing,
      },
    }),
    start,
  );
  return { first: groups.slice(0, count), rest, others: others.length };
}
