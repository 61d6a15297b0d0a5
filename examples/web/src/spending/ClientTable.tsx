import type { UsageByKeyFragment } from '../gql/graphql';
import { priceYuan } from '../money/amount-text';
import { parseDecimal } from '../money/decimal';
import { useText } from '../text/text';

type Groups = UsageByKeyFragment['groups'];

/** Who bought how much, the largest first. */
export function ClientTable({ today, month }: { today: Groups; month: Groups }) {
  const text = useText();
  const { columns, byClient } = text.spending;
  const billedToday = new Map(today.map(({ key, billed }) => [key, billed]));
  return (
    <section className="card" aria-label={byClient}>
      <h3>{byClient}</h3>
      <table className="plain" aria-label={byClient}>
        <thead>
          <tr>
            <th scope="col">{columns.client}</th>
            <th scope="col" className="number">
              {columns.today}
            </th>
            <th scope="col" className="number">
              {columns.month}
            </th>
            <th scope="col" className="number">
              {columns.amount}
            </th>
          </tr>
        </thead>
        <tbody>
          {month
            .toSorted((a, b) => b.billed - a.billed)
            .map(({ key, billed, amount }) => {
              const yuan = parseDecimal(amount ?? '');
              return (
                <tr key={key}>
                  <th scope="row">{key}</th>
                  <td className="number">{text.count(billedToday.get(key) ?? 0)}</td>
                  <td className="number">{text.count(billed)}</td>
                  <td className="number">{yuan ? priceYuan(yuan) : '—'}</td>
                </tr>
              );
            })}
        </tbody>
      </table>
    </section>
  );
}
