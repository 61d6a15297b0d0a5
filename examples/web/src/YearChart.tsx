import type { Case } from './CaseTable';
import { exactYuan, inWan } from './format';
import { useText } from './text';

interface Year {
  readonly year: string;
  cases: number;
  /** Yuan. */
  unperformed: number;
}

function byYear(cases: readonly Case[]): Year[] {
  const years = new Map<string, Year>();
  for (const { endDate, unperformedAmount } of cases) {
    if (!endDate) continue;
    const year = endDate.slice(0, 4);
    const known = years.get(year) ?? { year, cases: 0, unperformed: 0 };
    known.cases += 1;
    known.unperformed += Number(unperformedAmount ?? 0);
    years.set(year, known);
  }
  return [...years.values()].sort((a, b) => (a.year < b.year ? -1 : 1));
}

/** Cases and unperformed amounts by year of termination: two bars per year, each with its own scale. */
export function YearChart({ cases }: { cases: readonly Case[] }) {
  const text = useText();
  const years = byYear(cases);
  const maxCases = Math.max(1, ...years.map((year) => year.cases));
  const maxUnperformed = Math.max(1, ...years.map((year) => year.unperformed));
  return (
    <table className="chart">
      <thead>
        <tr>
          <td />
          <th scope="col">{text.cases}</th>
          <th scope="col">{text.unperformed}</th>
        </tr>
      </thead>
      <tbody>
        {years.map(({ year, cases: count, unperformed }) => (
          <tr key={year}>
            <th scope="row">{year}</th>
            <td>
              <span className="column count" style={{ inlineSize: `${(count / maxCases) * 70}%` }} />
              {count}
            </td>
            <td title={exactYuan(unperformed.toFixed(2))}>
              <span
                className="column money"
                style={{ inlineSize: `${(unperformed / maxUnperformed) * 60}%` }}
              />
              {inWan(String(unperformed))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
