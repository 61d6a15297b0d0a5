import { type CaseList, casesOf, MAX_ROWS, originOf } from '../company/case-list';
import { compare, type Decimal } from '../money/decimal';
import { type Total, totalOf } from '../money/total';
import type { Origin } from '../parts/Evidence';

/** What the cases of a company add up to. */
export interface Summary {
  readonly cases: number;
  readonly loaded: number;
  /** Whether all cases are loaded, so that the sums are those of the company. */
  readonly isComplete: boolean;
  /** Whether further cases can be loaded. */
  readonly canComplete: boolean;
  readonly enforcement: Total;
  readonly unperformed: Total;
  /** The newest end date. */
  readonly newest: string | undefined;
  readonly origin: Origin | undefined;
}

const known = new WeakMap<CaseList, Summary>();

export function summaryOf(list: CaseList): Summary {
  const summary = known.get(list) ?? summarise(list);
  known.set(list, summary);
  return summary;
}

function summarise(list: CaseList): Summary {
  const cases = casesOf(list);
  return {
    cases: list.total,
    loaded: cases.length,
    isComplete: cases.length >= list.total,
    canComplete: cases.length < Math.min(list.total, MAX_ROWS),
    enforcement: totalOf(cases.map(({ one }) => one.enforcementAmount)),
    unperformed: totalOf(cases.map(({ one }) => one.unperformedAmount)),
    newest: cases
      .flatMap(({ one }) => one.endDate ?? [])
      .sort()
      .at(-1),
    origin: originOf(list.pages.values()),
  };
}

const CASE_LIMITS = [0, 5, 20, 100];
/** Yuan. */
const SUM_LIMITS: readonly Decimal[] = [100_000n, 1_000_000n, 10_000_000n, 100_000_000n].map((units) => ({
  units,
  scale: 0,
}));

/** How many companies have 0, 1 to 5, 6 to 20, 21 to 100, and more cases. */
export function byCases(summaries: readonly Summary[]): number[] {
  const counts = [0, 0, 0, 0, 0];
  for (const { cases } of summaries) {
    const bucket = CASE_LIMITS.findIndex((limit) => cases <= limit);
    const index = bucket === -1 ? CASE_LIMITS.length : bucket;
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts;
}

/** How many companies have no case; less than 100,000 yuan unperformed, and so on by powers of ten; and no known amount. */
export function bySum(summaries: readonly Summary[]): number[] {
  const counts = [0, 0, 0, 0, 0, 0, 0];
  for (const summary of summaries) {
    const index = sumBucket(summary);
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts;
}

function sumBucket({ cases, loaded, unperformed }: Summary): number {
  if (cases === 0) return 0;
  if (unperformed.missing === loaded) return SUM_LIMITS.length + 2;
  const bucket = SUM_LIMITS.findIndex((limit) => compare(unperformed.sum, limit) < 0);
  return 1 + (bucket === -1 ? SUM_LIMITS.length : bucket);
}
