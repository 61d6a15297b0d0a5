import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Admission } from '../../../src/http/admission.js';
import { RequestError } from '../../../src/http/request-error.js';
import { startSandbox } from '../../../src/sandbox/server.js';
import { closeAfterTest } from '../../support/cleanup.js';
import { jsonOf, startTestGateway, type TestGateway } from '../../support/gateway.js';
import { holdUpstream } from '../../support/held-upstream.js';
import { requestsInFlight } from '../../support/metrics.js';
import { envFor, run, urlIn } from '../../support/process.js';
import { openSocket } from '../../support/socket.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { waitUntil } from '../../support/wait-until.js';

const rows = (count: number) => `{ company(searchKey: "sandbox:rows:${count}") { hasEndCases } }`;

describe('more operations than upstream can answer in time', () => {
  it('get 503 with Retry-After before any call, while cached answers still serve, and the gateway recovers', async () => {
    const sandbox = closeAfterTest(await startSandbox());
    const upstream = closeAfterTest(await holdUpstream(sandbox));
    const gateway = closeAfterTest(
      await startTestGateway({
        upstream: sandbox,
        env: { QCC_BASE_URL: upstream.url, QCC_MAX_CONCURRENCY: '2', QCC_TIMEOUT: '60s' },
      }),
    );
    // Two calls of at least a second each: the gateway learns that it answers two calls a second at best.
    const first = [gateway.query(rows(1)), gateway.query(rows(2))];
    await waitUntil(() => upstream.held === 2);
    await sleep(1000);
    upstream.release(2);
    await Promise.all(first);

    const flood = Array.from({ length: 200 }, (_, index) => gateway.post({ query: rows(100 + index) }));
    let refused = 0;
    for (const response of flood) void response.then(({ status }) => (refused += status === 503 ? 1 : 0));
    await waitUntil(
      async () => refused > 20 && refused + (await requestsInFlight(gateway.url)) === flood.length,
      'each operation of the flood is refused or waits',
    );
    expect(upstream.arrived).toHaveLength(4);
    const cached = await gateway.query(rows(1));
    expect([cached.errors, cached.extensions.cost.cached]).toEqual([undefined, 1]);
    upstream.open();
    const responses = await Promise.all(flood);
    const served = responses.filter(({ status }) => status === 200);
    const shed = responses.filter(({ status }) => status === 503);
    expect(served.length + shed.length).toBe(200);
    expect(served.length).toBeGreaterThan(5);
    expect(shed.length).toBeGreaterThan(20);
    for (const response of served) expect((await jsonOf(response)).errors).toBeUndefined();
    for (const response of shed) {
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
      const { errors, extensions } = await jsonOf(response);
      expect(errors[0].extensions).toMatchObject({ code: 'OVERLOADED', retryable: true });
      expect(extensions.cost.billed).toBe(0);
    }
    expect(sandbox.statistics.total.calls).toBe(2 + served.length);
    expect((await gateway.query(rows(3))).errors).toBeUndefined();
  });
});

it('an operation that has ended, in whatever way, does not count against the next', async () => {
  const gateway = closeAfterTest(
    await startTestGateway({ env: { QCC_MAX_CONCURRENCY: '1', QCC_TIMEOUT: '1s' } }),
  );
  // Two slots' worth of time for each size: none of these is admitted beside one that is still counted.
  const LARGE = 'cases: endCases(first: 100) { nodes { detail { certificateNo } } }';
  for (const query of [
    `{ company(searchKey: "sandbox:slow:400") { hasEndCases } }`,
    `{ company(searchKey: "sandbox:rows:30") { ${LARGE} } }`,
    `{ company(searchKey: "sandbox:status:203") { ${LARGE} } }`,
    `{ company(searchKey: "sandbox:rows:31") { ${LARGE} } }`,
  ]) {
    const { errors } = await gateway.query(query);
    expect(errors?.map((error) => error.extensions.code) ?? []).not.toContain('OVERLOADED');
  }
});

const MB = 1024 * 1024;

describe('the bodies of requests', () => {
  let gateway: TestGateway;
  let sockets: Socket[];
  beforeEach(async () => {
    const digestOf = (key: string) => createHash('sha256').update(key).digest('hex');
    const AUTH_API_KEYS = `greedy:${digestOf('greedy')},modest:${digestOf('modest')}`;
    gateway = await startTestGateway({ env: { AUTH_API_KEYS, ADMIN_PORT: '0' } });
    sockets = [];
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await gateway.close();
  });

  /** Opens connections of one client that each send a part of a request. Returns the answers. */
  const openAll = async (count: number, length: string, body: string | Buffer) => {
    sockets = await Promise.all(Array.from({ length: count }, () => openSocket(gateway.url)));
    return sockets.map(async (socket) => {
      socket.write(
        `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAuthorization: Bearer greedy\r\n${length}\r\n\r\n`,
      );
      socket.write(body);
      const [data] = await once(socket, 'data');
      return String(data);
    });
  };
  const send = async (client: string, size: number) => {
    const body = { query: '{ __typename }', pad: 'x'.repeat(size) };
    const response = await gateway.post(body, { headers: { authorization: `Bearer ${client}` } });
    return response.status;
  };
  const inFlight = () => requestsInFlight(String(gateway.gateway.adminUrl));

  it('do not count while they are only announced', async () => {
    await openAll(300, `Content-Length: ${MB}`, '');
    await waitUntil(async () => (await inFlight()) === 300);
    expect([await send('greedy', MB / 2), await send('modest', MB / 2)]).toEqual([200, 200]);
  });

  it('are all served, if they are small and come in chunks', async () => {
    const body = JSON.stringify({ query: '{ __typename }', pad: 'x'.repeat(300) });
    const answers = await openAll(
      400,
      'Transfer-Encoding: chunked',
      `${body.length.toString(16)}\r\n${body}\r\n`,
    );
    await waitUntil(async () => (await inFlight()) === 400);
    for (const socket of sockets) socket.write('0\r\n\r\n');
    const statuses = (await Promise.all(answers)).map((answer) => answer.split(' ')[1]);
    expect(statuses.filter((status) => status !== '200')).toEqual([]);
  });

  it('leave room for other clients, however much one client sends', async () => {
    // A request that is refused frees its part of a body: it must be small beside the body that is sent after it.
    const size = MB / 4;
    const answers = await openAll(600, `Content-Length: ${size}`, Buffer.alloc(size - 1, 'x'));
    const refused = await Promise.race(answers);
    expect(refused).toMatch(/^HTTP\/1.1 503 .*retry-after: 1\r\n.*"code":"OVERLOADED"/s);
    expect([await send('greedy', MB / 2), await send('modest', MB / 2)]).toEqual([503, 200]);
    for (const socket of sockets) socket.destroy();
    await waitUntil(async () => (await inFlight()) === 0);
    expect(await send('greedy', MB / 2)).toBe(200);
  });

  it('are served, if they come byte by byte', async () => {
    const body = JSON.stringify({ query: '{ __typename }', pad: 'x'.repeat(MB / 8) });
    const pieces = [...body].map((byte) => `1\r\n${byte}\r\n`).join('');
    const [answer] = await openAll(1, 'Transfer-Encoding: chunked', `${pieces}0\r\n\r\n`);
    expect(await answer).toMatch(/^HTTP\/1.1 200 /);
  });

  it('are refused if they are larger than 1 MB, and the connection serves the next request', async () => {
    const [answer] = await openAll(1, 'Transfer-Encoding: chunked', `${(2 * MB).toString(16)}\r\n`);
    const [socket] = sockets;
    socket?.write('x'.repeat(MB + 1));
    expect(await answer).toMatch(/^HTTP\/1.1 413 /);
    const next = once(socket as Socket, 'data');
    socket?.write(`${'x'.repeat(MB - 1)}\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    expect(String((await next)[0])).toMatch(/^HTTP\/1.1 200 /);
  });
});

describe('admission', () => {
  it('lets a client hold no more than it leaves free for all others', () => {
    const admission = closeAfterTest(new Admission(400 * MB));
    const one = admission.admit('one');
    one.receive(50 * MB);
    expect(() => one.receive(1)).toThrow(RequestError);
    const other = admission.admit('other');
    other.receive(25 * MB);
    expect(() => other.receive(1)).toThrow(RequestError);
    one.end();
    other.receive(25 * MB);
    other.end();
    expect(admission.requests).toBe(0);
  });

  it('counts a request in the share of the client that it is assigned to', () => {
    const admission = closeAfterTest(new Admission(400 * MB));
    const requests = Array.from({ length: 20_000 }, () => admission.admit('address'));
    expect(() => admission.admit('address')).toThrow(RequestError);
    for (const request of requests.slice(0, 10_000)) request.assignTo('client');
    admission.admit('address').end();
    expect(admission.requests).toBe(20_000);
    for (const request of requests) request.end();
    const [last] = Array.from({ length: 20_000 }, () => admission.admit('client'));
    expect(() => admission.admit('client')).toThrow(RequestError);
    last?.end();
    admission.admit('client').end();
  });
});

describe('a client', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway.close());

  const BODY = JSON.stringify({ query: rows(5) });
  const HEAD = `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n`;

  it('that half-closes its connection is treated as disconnected, and its request is dropped', async () => {
    const sockets = await Promise.all(Array.from({ length: 50 }, () => openSocket(gateway.url)));
    const closed = Promise.all(sockets.map((socket) => once(socket, 'close')));
    for (const socket of sockets) socket.resume().end(HEAD + BODY);
    await closed;
    await waitUntil(async () => (await requestsInFlight(gateway.url)) === 0);
    expect((await gateway.query(rows(5))).errors).toBeUndefined();
  });

  it('that sends no HTTP gets 400', async () => {
    const socket = await openSocket(gateway.url);
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    const closed = once(socket, 'close');
    socket.write('\u0000\u0001 nonsense\r\n\r\n');
    await closed;
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
  });
});

it('a process stopped under load answers every request it accepted and exits with 0', async () => {
  const sandbox = closeAfterTest(await startSandbox({ latency: 50 }));
  const folder = temporaryFolder();
  const running = run(envFor(sandbox, folder));
  const url = await urlIn(running);
  let stopping = false;
  let answered = 0;
  const wrong: unknown[] = [];
  const client = async (one: number) => {
    for (let index = 0; ; index++) {
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
        // After the signal the process may close a connection, or refuse it.
        if (!stopping) wrong.push(error);
        return;
      }
    }
  };
  const clients = Array.from({ length: 30 }, (_, index) => client(index));
  await waitUntil(() => answered > 60);
  const exit = once(running.child, 'close');
  stopping = true;
  running.child.kill('SIGTERM');
  expect(await exit).toEqual([0, null]);
  await Promise.all(clients);
  expect(wrong).toEqual([]);
  const { calls } = sandbox.statistics.total;
  const after = closeAfterTest(await startTestGateway({ upstream: sandbox, folder }));
  const usage = await after.query('{ usage { total { calls billed maybeBilled } } }');
  expect(usage.data.usage.total).toEqual({ calls, billed: calls, maybeBilled: 0 });
});
