import type { StoreHealth } from '../../store/store.js';
import type { UpstreamState } from '../../upstream/policy/circuits.js';
import type { Instruments } from './instruments.js';

const UPSTREAM_STATES: readonly UpstreamState[] = ['ok', 'open', 'refused'];

/** Where the gauges read their values, each time the metrics are scraped. */
export interface GaugeSources {
  store(): StoreHealth;
  /** Rows that wait to be shipped to the ledger, and milliseconds that the oldest of it waits; undefined: none is shipped. */
  ledgerBacklog(): { readonly rows: number; readonly age: number } | undefined;
  upstream(): UpstreamState;
  /** Upstream calls that wait for a slot, and calls that have one. */
  upstreamCalls(): { readonly waiting: number; readonly inFlight: number };
  /** Requests being read, processed or answered. */
  requests(): number;
  /** Billed calls that all clients together may make in a day; undefined: no limit. */
  readonly budgetLimit: number | undefined;
  /** Billed calls left today; undefined if there is no limit, or if it cannot be read. */
  budgetLeft(): Promise<number | undefined>;
  /** The same for a month. */
  readonly monthlyBudgetLimit: number | undefined;
  monthlyBudgetLeft(): Promise<number | undefined>;
}

type Value = number | undefined;

const seconds = (milliseconds: Value) => (milliseconds === undefined ? undefined : milliseconds / 1000);

/** Registers the metrics that show a current state instead of counting events. */
export function registerGauges(instruments: Instruments, sources: GaugeSources): void {
  const gauges: Readonly<Record<string, readonly [help: string, read: () => Value | Promise<Value>]>> = {
    store_up: [
      '1 while the store is healthy; 0 while Redis is lost or DATA_DIR cannot store answers.',
      () => (sources.store() === 'ok' ? 1 : 0),
    ],
    ledger_unshipped_rows: [
      'Rows of the ledger that wait to be shipped to PostgreSQL; NaN without LEDGER_URL.',
      () => sources.ledgerBacklog()?.rows,
    ],
    ledger_unshipped_age_seconds: [
      'Age of the oldest part of the ledger that waits to be shipped to PostgreSQL; NaN without LEDGER_URL.',
      () => seconds(sources.ledgerBacklog()?.age),
    ],
    requests_in_flight: ['Requests being read, processed or answered.', () => sources.requests()],
    upstream_queue_depth: ['Upstream calls that wait for a slot.', () => sources.upstreamCalls().waiting],
    upstream_calls_in_flight: ['Upstream calls in flight.', () => sources.upstreamCalls().inFlight],
    budget_limit_calls: [
      'Billed calls that the budget of a day (Asia/Shanghai) allows; NaN without a budget.',
      () => sources.budgetLimit,
    ],
    budget_left_calls: [
      "Billed calls left in today's budget (Asia/Shanghai); NaN without a budget.",
      () => sources.budgetLeft(),
    ],
    monthly_budget_limit_calls: [
      'Billed calls that the budget of a month (Asia/Shanghai) allows; NaN without a budget.',
      () => sources.monthlyBudgetLimit,
    ],
    monthly_budget_left_calls: [
      "Billed calls left in this month's budget (Asia/Shanghai); NaN without a budget.",
      () => sources.monthlyBudgetLeft(),
    ],
  };
  for (const [name, [help, read]] of Object.entries(gauges)) {
    instruments.gauge(name, help, async (gauge) => gauge.set((await read()) ?? Number.NaN));
  }
  instruments.gauge(
    'upstream_state',
    'Circuit state: 1 for the current state. refused means that QCC refuses the account.',
    (gauge) => {
      for (const state of UPSTREAM_STATES) gauge.set({ state }, sources.upstream() === state ? 1 : 0);
    },
    ['state'],
  );
}
