import { Cancelled, QccError } from '../../src/qcc/error.js';
import type { Answer, CasePage } from '../../src/qcc/methods.js';
import { Cancellation } from '../../src/qcc/wire/cancellation.js';
import { Deadline } from '../../src/qcc/wire/deadline.js';
import type { CallContext, Handler } from '../../src/upstream/handler.js';
import { Meter } from '../../src/upstream/meter.js';
import { singleFlight } from '../../src/upstream/single-flight.js';
import { jsonOf, startTestGateway, type TestGateway } from '../support/gateway.js';

const call = { method: 'GetList', searchKey: '某某公司', page: 1 } as const;
const page: Answer<CasePage> = {
  data: { verified: false, total: 0, rows: [] },
  status: '200',
  orderNumber: 'ENDEXECUTECASECHECK1',
  receivedAt: 0,
};
const asker = (cancellation?: Cancellation): CallContext => ({
  caller: 'anyone',
  operation: { name: null, requestId: 'r' },
  meter: new Meter(),
  deadline: new Deadline(1000),
  since: 0,
  cancellation,
});

/** An upstream that is answered by hand. */
function byHand() {
  const asked: { by: CallContext; answer: (with_: unknown) => void; fail: (error: Error) => void }[] = [];
  // biome-ignore lint/suspicious/noExplicitAny: one stand-in for the answers of all methods
  const next: Handler = (_call, by) => new Promise<any>((answer, fail) => asked.push({ by, answer, fail }));
  return { asked, ask: singleFlight(50)(next) };
}

describe('the same question', () => {
  it('asked 10,000 times at once is asked of the upstream once', async () => {
    const { asked, ask } = byHand();
    const askers = Array.from({ length: 10_000 }, () => asker());
    const answers = askers.map((by) => ask<'GetList'>(call, by));
    asked[0]?.answer(page);
    expect(new Set(await Promise.all(answers))).toEqual(new Set([page]));
    expect(asked).toHaveLength(1);
    expect(askers.filter(({ meter }) => meter.shared === 1)).toHaveLength(9_999);
  });

  it('that fails once has failed for all who asked, and is asked anew by the next', async () => {
    const { asked, ask } = byHand();
    const failure = new QccError('UPSTREAM_FAILURE', 'no');
    const answers = Array.from({ length: 1_000 }, () =>
      ask<'GetList'>(call, asker()).catch((error) => error),
    );
    asked[0]?.fail(failure);
    expect(new Set(await Promise.all(answers))).toEqual(new Set([failure]));
    expect(asked).toHaveLength(1);
    void ask<'GetList'>(call, asker());
    expect(asked).toHaveLength(2);
  });

  it('goes on while anyone waits, and is taken back when the last has left', async () => {
    const { asked, ask } = byHand();
    const [first, second] = [new Cancellation(), new Cancellation()];
    const answers = [first, second].map((cancellation) => ask<'GetList'>(call, asker(cancellation)));
    const settled = Promise.allSettled(answers);
    first.cancel();
    await expect(answers[0]).rejects.toThrow(Cancelled);
    expect(asked[0]?.by.cancellation?.cancelled).toBe(false);
    second.cancel();
    await settled;
    expect(asked[0]?.by.cancellation?.cancelled).toBe(true);
    // Nothing had left: who came meanwhile asks under its own name.
    const late = ask<'GetList'>(call, asker());
    asked[0]?.fail(new Cancelled());
    await new Promise(setImmediate);
    asked[1]?.answer(page);
    expect(await late).toBe(page);
  });

  it('whose answer is late is joined, not asked again', async () => {
    const { asked, ask } = byHand();
    let arrive = (_answer: Answer<CasePage>): void => undefined;
    const late = new Promise<Answer<CasePage>>((resolve) => {
      arrive = resolve;
    });
    const failure = new QccError('UPSTREAM_TIMEOUT', 'late', { late });
    const timedOut = ask<'GetList'>(call, asker());
    asked[0]?.fail(failure);
    await expect(timedOut).rejects.toBe(failure);
    await expect(ask<'GetList'>(call, asker())).rejects.toBe(failure);
    const joined = ask<'GetList'>(call, asker());
    arrive(page);
    expect(await joined).toBe(page);
    expect(asked).toHaveLength(1);
  });
});

describe('requests at once', () => {
  let setup: TestGateway;
  beforeAll(async () => {
    setup = await startTestGateway({ latency: 1500 });
  });
  afterAll(() => setup.close());

  it.each([
    ['sandbox:rows:1', 1],
    ['sandbox:status:299', 1],
    ['sandbox:html', 1],
  ])('for %s make one call, and say who shared it', async (card, calls) => {
    setup.sandbox.statistics.reset();
    const query = `{ company(searchKey: "${card}") { endCases(first: 1) { totalCount } } }`;
    const answers = await Promise.all(Array.from({ length: 100 }, () => setup.post({ query }).then(jsonOf)));
    expect(setup.sandbox.statistics.total.calls).toBe(calls);
    const costs = answers.map(({ extensions }) => extensions.cost);
    expect(costs.filter(({ shared }) => shared === 1)).toHaveLength(99);
    expect(costs.filter(({ calls }) => calls.GetList === 1)).toHaveLength(1);
    expect(new Set(answers.map(({ data, errors }) => JSON.stringify([data, errors]))).size).toBe(1);
  });
});
