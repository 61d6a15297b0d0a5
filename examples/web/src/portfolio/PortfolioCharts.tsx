import { useMemo } from 'react';
import { BarChart } from '../parts/BarChart';
import { useText } from '../text/text';
import type { PortfolioRow } from './portfolio-rows';
import { byCases, bySum } from './summary';

/** How the companies are distributed by number of cases and by unperformed sum. */
export function PortfolioCharts({ rows }: { rows: readonly PortfolioRow[] }) {
  const text = useText();
  const words = text.portfolio;
  const summaries = useMemo(() => rows.flatMap(({ summary }) => summary ?? []), [rows]);
  const chart = (
    title: string,
    names: readonly string[],
    counts: readonly number[],
    tone: 'count' | 'money',
  ) => (
    <section className="card" aria-label={title}>
      <BarChart
        title={title}
        columns={[title, words.charts.companies]}
        tone={tone}
        bars={names.map((name, index) => ({
          name,
          share: (counts[index] ?? 0) / Math.max(1, ...counts),
          value: text.count(counts[index] ?? 0),
        }))}
      />
    </section>
  );
  return (
    <div className="charts">
      {chart(words.charts.cases, words.caseBuckets, byCases(summaries), 'count')}
      {chart(words.charts.unperformed, words.sumBuckets, bySum(summaries), 'money')}
    </div>
  );
}
