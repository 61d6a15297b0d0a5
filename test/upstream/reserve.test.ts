import { Attempts } from '../../src/ledger/attempts.js';
import { Ledger } from '../../src/ledger/ledger.js';
import type { LedgerRow } from '../../src/ledger/row.js';
import { CounterUsage, UsageReport } from '../../src/ledger/usage.js';
import type { Answer } from '../../src/qcc/call.js';
import { Cancelled, QccError, transmissionError } from '../../src/qcc/error.js';
import { getDetail } from '../../src/qcc/methods.js';
import { Deadline } from '../../src/qcc/wire/deadline.js';
import { EmbeddedStore } from '../../src/store/embedded/embedded-store.js';
import type { CallContext, Handler } from '../../src/upstream/handler.js';
import { Meter } from '../../src/upstream/meter.js';
import { Allowance } from '../../src/upstream/policy/allowance.js';
import { Budget } from '../../src/upstream/policy/budget.js';
import { reserve } from '../../src/upstream/reserve.js';
import { closeAfterTest } from '../support/cleanup.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const RETENTION = 3_600_000;
const settings = { now: Date.now, retention: RETENTION };

let store: EmbeddedStore;
let ledger: Ledger;
let budget: Budget;
let usage: UsageReport;
let sent: number;
const reports: string[] = [];
const report = (message: string) => reports.push(message);

beforeEach(() => {
  store = closeAfterTest(new EmbeddedStore(temporaryFolder(), 'test'));
  ledger = new Ledger(store.journal, RETENTION, report);
  budget = new Budget(store.counters, { perDay: 9, perClientPerDay: undefined }, Date.now, report);
  usage = new UsageReport(
    new CounterUsage(store.counters),
    { flush: async () => undefined },
    settings,
    report,
  );
  sent = 0;
  reports.length = 0;
});

/** Makes a call whose outcome is that of `next`. */
function call(next: () => Promise<Answer<unknown>>): Promise<Answer<unknown>> {
  const handler: Handler = reserve(
    budget,
    new Attempts(ledger, { GetDetail: '1.25' }, Date.now),
  )(async <T>() => {
    sent += 1;
    return (await next()) as Answer<T>;
  });
  const context: CallContext = {
    client: 'client',
    operation: { name: 'Risk', requestId: 'r' },
    meter: new Meter(),
    allowance: new Allowance(),
    deadline: new Deadline(60_000),
    since: Date.now(),
  };
  return handler(getDetail.call({ id: 'case' }), context);
}

async function accounts() {
  const rows: LedgerRow[] = [];
  for await (const row of ledger.rows(0, Number.POSITIVE_INFINITY)) rows.push(row);
  const { total } = await usage.read({ from: undefined, to: undefined }, 'DAY', undefined);
  const { calls, billed, maybeBilled, amount } = total;
  return {
    rows: rows.map((row) => row.billed),
    usage: { calls, billed, maybeBilled, amount },
    left: await budget.leftToday(),
  };
}

const answer: Answer<unknown> = { data: null, status: '200', orderNumber: 'N1', receivedAt: 0 };
const MAYBE = {
  rows: ['maybe'],
  usage: { calls: 1, billed: 0, maybeBilled: 1, amount: '0' },
  left: 8,
};
const NOTHING = { rows: [], usage: { calls: 0, billed: 0, maybeBilled: 0, amount: '0' }, left: 9 };

describe('an attempt', () => {
  it('is in the ledger and in the usage before it is made, as maybe billed, and is settled after', async () => {
    let before: unknown;
    await call(async () => {
      before = await accounts();
      return answer;
    });
    expect(before).toEqual(MAYBE);
    expect(await accounts()).toEqual({
      rows: ['yes'],
      usage: { calls: 1, billed: 1, maybeBilled: 0, amount: '1.25' },
      left: 8,
    });
  });

  it('stays maybe billed where anything is thrown that does not say what happened upstream', async () => {
    const fault = new TypeError('a fault');
    await expect(call(() => Promise.reject(fault))).rejects.toBe(fault);
    expect(await accounts()).toEqual(MAYBE);
    await expect(call(() => Promise.reject(new QccError('UPSTREAM_FAILURE', 'no facts')))).rejects.toThrow();
    expect(await accounts()).toMatchObject({ rows: ['maybe', 'maybe'], left: 7 });
  });

  it.each([
    ['was cancelled before it was sent', new Cancelled()],
    ['was stopped by a circuit', new QccError('UPSTREAM_FORBIDDEN', 'not called', { called: false })],
  ])('that %s leaves no row and is refunded', async (_why, error) => {
    await expect(call(() => Promise.reject(error))).rejects.toBe(error);
    expect(await accounts()).toEqual(NOTHING);
    expect(reports).toEqual([]);
  });

  it('that was never sent has a row and is refunded', async () => {
    const error = transmissionError('UPSTREAM_UNREACHABLE', 'refused', {
      method: 'GetDetail',
      billed: false,
    });
    await expect(call(() => Promise.reject(error))).rejects.toBe(error);
    expect(await accounts()).toEqual({
      rows: ['no'],
      usage: { calls: 1, billed: 0, maybeBilled: 0, amount: '0' },
      left: 9,
    });
  });

  it('is settled once more when its answer arrives late', async () => {
    let arrive: (late: Answer<unknown>) => void = () => undefined;
    const late = new Promise<Answer<unknown>>((resolve) => {
      arrive = resolve;
    });
    const facts = { method: 'GetDetail', billed: null };
    const timeout = transmissionError('UPSTREAM_TIMEOUT', 'no answer', facts, late);
    const error = await call(() => Promise.reject(timeout)).catch((failure: unknown) => failure);
    expect(await accounts()).toEqual(MAYBE);
    arrive(answer);
    expect(error instanceof QccError && (await error.late)).toEqual(answer);
    expect(await accounts()).toMatchObject({ rows: ['yes'], usage: { calls: 1, billed: 1, maybeBilled: 0 } });
  });

  it('is not made where its row cannot be written, and its reservation is refunded', async () => {
    const append = jest.spyOn(store.journal, 'append').mockRejectedValue(new Error('no space'));
    await expect(call(async () => answer)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      retryable: true,
      message: 'The ledger could not be written, so nothing was bought.',
    });
    append.mockRestore();
    expect(sent).toBe(0);
    expect(await accounts()).toEqual(NOTHING);
  });
});
