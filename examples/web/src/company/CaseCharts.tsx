import { useMemo } from 'react';
import { useAmountText } from '../money/amount-text';
import { amountUnit } from '../money/amount-unit';
import { compare, type Decimal, ratio, ZERO } from '../money/decimal';
import { BarChart } from '../parts/BarChart';
import { useStore } from '../store';
import { useText } from '../text/text';
import { byCourt, byYear, type CaseGroup, firstOf } from './case-groups';
import type { LocatedCase } from './case-list';
import { UNKNOWN } from './case-view';

const COURTS = 8;

/** Cases and unperformed sums by year and by court. */
export function CaseCharts({ cases }: { cases: readonly LocatedCase[] }) {
  const text = useText().company;
  const years = useMemo(() => byYear(cases), [cases]);
  const courts = useMemo(() => firstOf(byCourt(cases), COURTS), [cases]);
  const named = (groups: readonly CaseGroup[], unknown: string) =>
    groups.map((group) => (group.name === UNKNOWN ? { ...group, name: unknown } : group));
  const courtRows = courts.rest
    ? [...courts.first, { ...courts.rest, name: text.otherCourts(courts.others) }]
    : courts.first;
  return (
    <div className="charts">
      <GroupCharts title={text.charts.year} of={text.year} groups={named(years, text.noDate)} />
      <GroupCharts title={text.charts.court} of={text.court} groups={named(courtRows, text.noCourt)} />
    </div>
  );
}

interface GroupProps {
  readonly title: string;
  /** What the groups are. */
  readonly of: string;
  readonly groups: readonly CaseGroup[];
}

function GroupCharts({ title, of, groups }: GroupProps) {
  const text = useText();
  const write = useAmountText();
  const unit = text.unitNames[useStore(amountUnit)];
  const { cases, unperformed } = text.company.charts;
  const mostCases = Math.max(1, ...groups.map((group) => group.cases));
  const largest = groups.reduce<Decimal>(
    (sum, group) => (compare(group.unperformed.sum, sum) > 0 ? group.unperformed.sum : sum),
    ZERO,
  );
  return (
    <section className="card" aria-label={title}>
      <h3>{title}</h3>
      <BarChart
        title={cases}
        columns={[of, cases]}
        tone="count"
        bars={groups.map((group) => ({
          name: group.name,
          share: group.cases / mostCases,
          value: text.count(group.cases),
        }))}
      />
      <BarChart
        title={text.inUnit(unperformed, unit)}
        columns={[of, text.inUnit(unperformed, unit)]}
        tone="money"
        bars={groups.map((group) => ({
          name: group.name,
          share: ratio(group.unperformed.sum, largest),
          value: write(group.unperformed.sum),
        }))}
      />
    </section>
  );
}
