import { type Answer, answerTo } from '../../src/qcc/call.js';
import type { CasePage } from '../../src/qcc/cases.js';
import { Cancelled, QccError } from '../../src/qcc/error.js';
import { getList } from '../../src/qcc/methods.js';
import { Cancellation } from '../../src/qcc/wire/cancellation.js';
import { Deadline } from '../../src/qcc/wire/deadline.js';
import { startSandbox } from '../../src/sandbox/server.js';
import type { CallContext, Handler } from '../../src/upstream/handler.js';
import { Meter } from '../../src/upstream/meter.js';
import { Allowance } from '../../src/upstream/policy/allowance.js';
import { singleFlight } from '../../src/upstream/single-flight.js';
import { closeAfterTest } from '../support/cleanup.js';
import { jsonOf, startTestGateway } from '../support/gateway.js';
import { holdUpstream } from '../support/held-upstream.js';
import { requestsInFlight } from '../support/metrics.js';
import { waitUntil } from '../support/wait-until.js';

const call = getList.call({ searchKey: '某某公司', page: 1 });
const page: Answer<CasePage> = {
  data: { page: 1, verified: false, total: 0, rows: [] },
  status: '200',
  orderNumber: 'ENDEXECUTECASECHECK1',
  receivedAt: 0,
};
const contextWith = (cancellation?: Cancellation): CallContext => ({
  client: 'anyone',
  operation: { name: null, requestId: 'r' },
  meter: new Meter(),
  allowance: new Allowance(),
  deadline: new Deadline(1000),
  since: 0,
  cancellation,
});

/** Single flight in front of a handler that the test answers. */
function startFlights() {
  const calls: {
    context: CallContext;
    answer: (answer: Answer<unknown>) => void;
    fail: (error: Error) => void;
  }[] = [];
  const next: Handler = (call, context) =>
    new Promise((resolve, fail) =>
      calls.push({ context, answer: (answer) => resolve(answerTo(call, answer)), fail }),
    );
  return { calls, handler: singleFlight(50, async () => undefined)(next) };
}

describe('identical calls', () => {
  it('make one call for 10,000 requests at once', async () => {
    const { calls, handler } = startFlights();
    const contexts = Array.from({ length: 10_000 }, () => contextWith());
    const answers = contexts.map((context) => handler(call, context));
    calls[0]?.answer(page);
    expect(new Set(await Promise.all(answers))).toEqual(new Set([page]));
    expect(calls).toHaveLength(1);
    expect(contexts.filter(({ meter }) => meter.shared === 1)).toHaveLength(9_999);
  });

  it('are made anew, once, for those to whom the answer of the flight they joined is too old', async () => {
    const { calls, handler } = startFlights();
    const first = handler(call, contextWith());
    const young = [200, 100, 200].map((oldest) => handler(call, { ...contextWith(), oldest }));
    calls[0]?.answer({ ...page, receivedAt: 150 });
    expect((await first).receivedAt).toBe(150);
    await waitUntil(() => calls.length === 2);
    expect(calls[1]?.context.oldest).toBe(200);
    // QCC has failed, so an older answer serves.
    calls[1]?.answer({ ...page, receivedAt: 160 });
    expect((await Promise.all(young)).map(({ receivedAt }) => receivedAt)).toEqual([160, 150, 160]);
    expect(calls).toHaveLength(2);
  });

  it('do not join a second flight that takes older answers', async () => {
    const { calls, handler } = startFlights();
    void handler(call, contextWith());
    const young = handler(call, { ...contextWith(), oldest: 200 });
    calls[0]?.answer({ ...page, receivedAt: 150 });
    // Another request finds the flight gone, and starts one that may read the store.
    void Promise.resolve().then(() => handler(call, contextWith()));
    await waitUntil(() => calls.some(({ context }) => context.oldest === 200));
    calls.find(({ context }) => context.oldest === 200)?.answer({ ...page, receivedAt: 210 });
    expect((await young).receivedAt).toBe(210);
  });

  it('share a failure, and are made anew after it', async () => {
    const { calls, handler } = startFlights();
    const failure = new QccError('UPSTREAM_FAILURE', 'no');
    const answers = Array.from({ length: 1_000 }, () => handler(call, contextWith()).catch((error) => error));
    calls[0]?.fail(failure);
    expect(new Set(await Promise.all(answers))).toEqual(new Set([failure]));
    expect(calls).toHaveLength(1);
    void handler(call, contextWith());
    expect(calls).toHaveLength(2);
  });

  it('go on while anyone waits, and are cancelled when the last waiter disconnects', async () => {
    const { calls, handler } = startFlights();
    const [first, second] = [new Cancellation(), new Cancellation()];
    const answers = [first, second].map((cancellation) => handler(call, contextWith(cancellation)));
    const settled = Promise.allSettled(answers);
    first.cancel();
    await expect(answers[0]).rejects.toThrow(Cancelled);
    expect(calls[0]?.context.cancellation?.cancelled).toBe(false);
    second.cancel();
    await settled;
    expect(calls[0]?.context.cancellation?.cancelled).toBe(true);
    // Nothing was sent: a request that joined meanwhile makes the call itself.
    const late = handler(call, contextWith());
    calls[0]?.fail(new Cancelled());
    await new Promise(setImmediate);
    calls[1]?.answer(page);
    expect(await late).toBe(page);
  });

  it('join a call whose answer is late', async () => {
    const { calls, handler } = startFlights();
    let arrive = (_answer: Answer<CasePage>): void => undefined;
    const late = new Promise<Answer<CasePage>>((resolve) => {
      arrive = resolve;
    });
    const failure = new QccError('UPSTREAM_TIMEOUT', 'late', { late });
    const timedOut = handler(call, contextWith());
    calls[0]?.fail(failure);
    await expect(timedOut).rejects.toBe(failure);
    await expect(handler(call, contextWith())).rejects.toBe(failure);
    const joined = handler(call, contextWith());
    arrive(page);
    expect(await joined).toBe(page);
    expect(calls).toHaveLength(1);
  });
});

describe('a hundred identical requests at once', () => {
  it.each(['sandbox:rows:1', 'sandbox:status:299', 'sandbox:html'])(
    'for %s make one call, and report that they shared it',
    async (card) => {
      const sandbox = closeAfterTest(await startSandbox());
      const upstream = closeAfterTest(await holdUpstream(sandbox));
      const gateway = closeAfterTest(
        await startTestGateway({
          upstream: sandbox,
          env: { QCC_BASE_URL: upstream.url, QCC_TIMEOUT: '2m' },
        }),
      );
      const query = `{ company(searchKey: "${card}") { endCases(first: 1) { totalCount } } }`;
      const answered = Promise.all(Array.from({ length: 100 }, () => gateway.post({ query }).then(jsonOf)));
      await waitUntil(async () => (await requestsInFlight(gateway.url)) === 100);
      // This call comes after all of them: when it arrives, each of them waits for the held one.
      const last = gateway.query('{ endCase(id: "last") { court } }');
      await waitUntil(() => upstream.arrived.includes('last'));
      upstream.open();
      const answers = await answered;
      expect((await last).errors).toBeUndefined();
      expect(upstream.arrived).toEqual([card, 'last']);
      const costs = answers.map(({ extensions }) => extensions.cost);
      expect(costs.filter(({ shared }) => shared === 1)).toHaveLength(99);
      expect(costs.filter(({ calls }) => calls.GetList === 1)).toHaveLength(1);
      expect(new Set(answers.map(({ data, errors }) => JSON.stringify([data, errors]))).size).toBe(1);
    },
  );
});
