import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Admission } from '../../../src/http/admission.js';
import { RequestError } from '../../../src/http/request-error.js';
import { SANDBOX_CREDENTIALS, startSandbox } from '../../../src/sandbox/server.js';
import { ConcurrencyLimit } from '../../../src/upstream/concurrency-limit.js';
import { Overloaded } from '../../../src/upstream/errors.js';
import { RetryBudget } from '../../../src/upstream/retry.js';
import { jsonOf, startTestGateway, type TestGateway } from '../../support/gateway.js';
import { envFor, run, urlIn } from '../../support/process.js';
import { until } from '../../support/until.js';

const rows = (count: number) => `{ company(searchKey: "sandbox:rows:${count}") { hasEndCases } }`;

describe('more than upstream answers in time', () => {
  let setup: TestGateway;
  beforeEach(async () => {
    setup = await startTestGateway({ env: { QCC_MAX_CONCURRENCY: '2', QCC_TIMEOUT: '1s' }, latency: 200 });
  });
  afterEach(() => setup.close());

  it('is refused with 503 and Retry-After before it is called; what is kept still serves; all is well after', async () => {
    await setup.query(rows(1));
    await setup.query(rows(2));
    // Ten calls a second are answered: of sixty at once most would wait for longer than anybody does.
    const flood = Array.from({ length: 60 }, (_, index) => setup.post({ query: rows(100 + index) }));
    await until(() => setup.sandbox.statistics.total.calls > 3);
    const kept = await setup.query(rows(1));
    expect([kept.errors, kept.extensions.cost.cached]).toEqual([undefined, 1]);
    const responses = await Promise.all(flood);
    const served = responses.filter(({ status }) => status === 200);
    const shed = responses.filter(({ status }) => status === 503);
    expect(served.length + shed.length).toBe(60);
    expect(served.length).toBeGreaterThan(5);
    expect(shed.length).toBeGreaterThan(20);
    for (const response of shed) {
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
      const { errors, extensions } = await jsonOf(response);
      expect(errors[0].extensions).toMatchObject({ code: 'OVERLOADED', retryable: true });
      expect(extensions.cost.billed).toBe(0);
    }
    expect(setup.sandbox.statistics.total.calls).toBe(2 + served.length);
    expect((await setup.query(rows(3))).errors).toBeUndefined();
  });
});

describe('slots', () => {
  it('tell for how long others would hold one up, and refuse a wait that is too long', async () => {
    const slots = new ConcurrencyLimit(1, 1000);
    await slots.take({});
    slots.release(400);
    await slots.take({});
    const [long, short] = [{}, {}];
    const waiting = [1, 2, 3, 4, 5].map(() => slots.take(long));
    expect([slots.holdUp(1), slots.holdUp(9)]).toEqual([400, 2000]);
    expect(() => slots.assertCapacity(1)).not.toThrow();
    expect(() => slots.assertCapacity(9)).toThrow(Overloaded);
    const taken = slots.take(short);
    const more = slots.take({});
    await expect(slots.take({})).rejects.toThrow(Overloaded);
    for (let left = 0; left < 7; left++) slots.release(400);
    await Promise.all([...waiting, taken, more]);
    expect(slots.waiting).toBe(0);
  });

  it('refuse what has waited too long, whatever was foreseen', async () => {
    let time = 0;
    const slots = new ConcurrencyLimit(1, 1000, () => time);
    await slots.take({});
    const long = {};
    const waiting = [slots.take(long), slots.take(long)];
    time = 900;
    slots.release(900);
    await waiting[0];
    const late = slots.take({});
    time = 1850;
    slots.release(950);
    await waiting[1];
    time = 2000;
    slots.release(150);
    await expect(late).rejects.toThrow(Overloaded);
    await slots.take({});
  });
});

describe('retries', () => {
  it('are few in an outage, and are earned by answers', async () => {
    const setup = await startTestGateway({ env: { QCC_TIMEOUT: '20s', MAX_CALLS_PER_OPERATION: '1000' } });
    const keys = JSON.stringify(Array.from({ length: 100 }, (_, index) => `sandbox:status:120 ${index}`));
    setup.sandbox.setRefusal('120');
    const { errors } = await setup.query(`{ companies(searchKeys: ${keys}) { hasEndCases } }`);
    expect(errors).toHaveLength(100);
    expect(setup.sandbox.statistics.total.calls).toBe(120);
    await setup.close();

    const budget = new RetryBudget();
    while (budget.take());
    for (let answers = 0; answers < 9; answers++) budget.answered();
    expect(budget.take()).toBe(false);
    for (let answers = 0; answers < 2; answers++) budget.answered();
    expect(budget.take()).toBe(true);
  });
});

describe('admission', () => {
  it('turns away what would not fit, and takes it when there is room again', () => {
    const admission = new Admission();
    const leave = admission.enter(200 * 1024 * 1024);
    expect(() => admission.enter(100 * 1024 * 1024)).toThrow(RequestError);
    leave();
    admission.enter(100 * 1024 * 1024)();
    expect(admission.requests).toBe(0);
    admission.close();
  });
});

describe('clients', () => {
  let setup: TestGateway;
  beforeAll(async () => {
    setup = await startTestGateway();
  });
  afterAll(() => setup.close());

  const open = async (): Promise<Socket> => {
    const { hostname, port } = new URL(setup.gateway.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    return socket;
  };
  const BODY = JSON.stringify({ query: rows(5) });
  const HEAD = `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n`;

  it('that send byte by byte hold up no other, and are hung up on', async () => {
    const slow = await Promise.all(Array.from({ length: 300 }, open));
    let closed = 0;
    for (const socket of slow) {
      socket
        .on('error', () => undefined)
        .on('close', () => {
          closed += 1;
        });
      socket.resume();
      socket.write('POST /graphql HTTP/1.1\r\nX-Slow: ');
    }
    const drip = setInterval(() => {
      for (const socket of slow) if (!socket.destroyed) socket.write('a');
    }, 500);
    const before = performance.now();
    expect((await setup.query(rows(4))).errors).toBeUndefined();
    expect(performance.now() - before).toBeLessThan(5000);
    await untilWithin(() => closed === slow.length, 28_000);
    clearInterval(drip);
  }, 40_000);

  it('that close their half count as gone, and nothing of them stays', async () => {
    const halves = await Promise.all(Array.from({ length: 50 }, open));
    for (const socket of halves) socket.resume().end(HEAD + BODY);
    await Promise.all(halves.map((socket) => once(socket, 'close')));
    await until(async () => {
      const metrics = await (await fetch(new URL('/metrics', setup.gateway.url))).text();
      return metrics.includes('endcase_requests_in_flight 0');
    });
    expect((await setup.query(rows(5))).errors).toBeUndefined();
  });

  it('that send what is no HTTP are told so', async () => {
    const socket = await open();
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.write('\u0000\u0001 nonsense\r\n\r\n');
    await once(socket, 'close');
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
  });
});

async function untilWithin(look: () => boolean, within: number): Promise<void> {
  const end = Date.now() + within;
  while (!look()) {
    if (Date.now() > end) throw new Error('what was waited for did not come');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

it('a process that is told to stop under load answers all that it took, and ends with 0', async () => {
  const sandbox = await startSandbox({ credentials: SANDBOX_CREDENTIALS, latency: 50 });
  const setup = await startTestGateway({ upstream: sandbox });
  const { folder } = setup;
  await setup.gateway.close();
  const running = run(envFor(sandbox, folder));
  const url = await urlIn(running);
  let stopping = false;
  let answered = 0;
  const wrong: unknown[] = [];
  const client = async (one: number) => {
    for (let index = 0; ; index++) {
      const asked = stopping;
      try {
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query: rows(one * 1000 + index + 1) }),
        });
        const { data, errors } = await jsonOf(response);
        if (response.status === 503) return;
        if (errors || !data.company.hasEndCases) wrong.push(errors);
        answered += 1;
      } catch (error) {
        // A connection that is made, or asked on, after the signal may be closed; none that was asked on before.
        if (!asked && !stopping) wrong.push(error);
        return;
      }
    }
  };
  const clients = Array.from({ length: 30 }, (_, index) => client(index));
  await until(() => answered > 60);
  const exit = once(running.child, 'close');
  stopping = true;
  running.child.kill('SIGTERM');
  expect(await exit).toEqual([0, null]);
  await Promise.all(clients);
  expect(wrong).toEqual([]);
  const { calls } = sandbox.statistics.total;
  const after = await startTestGateway({ upstream: sandbox, folder });
  const usage = await after.query('{ usage { total { calls billed maybeBilled } } }');
  expect(usage.data.usage.total).toEqual({ calls, billed: calls, maybeBilled: 0 });
  await after.close();
  await sandbox.close();
});
