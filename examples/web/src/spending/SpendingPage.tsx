import { Problems } from '../parts/Problems';
import { useText } from '../text/text';
import { ClientTable } from './ClientTable';
import { DayChart } from './DayChart';
import { PeriodCard } from './PeriodCard';
import { useSpending } from './use-spending';

/** What all readers bought, and what is left of the budgets. */
export function SpendingPage() {
  const text = useText();
  const { loading, data, budgets, problems, update } = useSpending();
  const { today, month, days } = data ?? {};
  return (
    <section aria-busy={loading}>
      <div className="company">
        <div>
          <h2 className="page-title">{text.view.spending}</h2>
          <p className="quiet">{text.spending.lead}</p>
        </div>
        <button type="button" disabled={loading} onClick={update}>
          {text.spending.refresh}
        </button>
      </div>
      <Problems problems={problems.slice(0, 1)} onRetry={update} />
      {!data && loading && (
        <p className="skeleton" role="status">
          {text.loading}
        </p>
      )}
      {today && month && (
        <>
          <div className="charts">
            <PeriodCard period="today" usage={today.total} budgets={budgets} />
            <PeriodCard period="month" usage={month.total} budgets={budgets} />
          </div>
          {month.groups.length === 0 ? (
            <p className="empty">{text.spending.nothing}</p>
          ) : (
            <div className="charts">
              <ClientTable today={today.groups} month={month.groups} />
              {days && <DayChart days={days.groups} />}
            </div>
          )}
        </>
      )}
    </section>
  );
}
