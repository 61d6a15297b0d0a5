import type { UsageByKeyFragment } from '../gql/graphql';
import { BarChart } from '../parts/BarChart';
import { useText } from '../text/text';

/** Billed calls by day. */
export function DayChart({ days }: { days: UsageByKeyFragment['groups'] }) {
  const text = useText();
  const { byDay, columns } = text.spending;
  const most = Math.max(1, ...days.map(({ billed }) => billed));
  return (
    <section className="card" aria-label={byDay}>
      <h3>{byDay}</h3>
      <BarChart
        title={columns.billed}
        columns={[columns.day, columns.billed]}
        tone="count"
        bars={days.map(({ key, billed }) => ({
          name: key,
          share: billed / most,
          value: text.count(billed),
        }))}
      />
    </section>
  );
}
