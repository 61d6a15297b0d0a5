import { once } from 'node:events';
import { createServer } from 'node:net';
import { getDetail, getList } from '../../../src/qcc/methods.js';
import { closeAfterTest } from '../../support/cleanup.js';
import { startTestGateway, type TestGateway } from '../../support/gateway.js';

let gateway: TestGateway;
const start = async (timeout = '1m') => {
  gateway = closeAfterTest(await startTestGateway({ env: { QCC_TIMEOUT: timeout } }));
};
/** Long enough for an answer on a busy machine. */
const SHORT_TIMEOUT = '2s';

const listOf = (card: string) =>
  gateway.query(`{ company(searchKey: "${card}") { searchKey endCases { totalCount } } }`);

describe('a call that fails on its way', () => {
  it.each([
    ['hang', 'UPSTREAM_TIMEOUT', null],
    ['drip', 'UPSTREAM_TIMEOUT', null],
    ['reset', 'UPSTREAM_UNREACHABLE', null],
    ['reset-midway', 'UPSTREAM_UNREACHABLE', null],
    ['truncated', 'UPSTREAM_BAD_RESPONSE', null],
    ['html', 'UPSTREAM_BAD_RESPONSE', null],
    ['huge', 'UPSTREAM_BAD_RESPONSE', null],
    ['gzip-bomb', 'UPSTREAM_BAD_RESPONSE', null],
    ['http:500', 'UPSTREAM_BAD_RESPONSE', null],
    ['http:302', 'UPSTREAM_BAD_RESPONSE', null],
    ['wrong-shape', 'UPSTREAM_BAD_RESPONSE', true],
  ])('by %s is %s, and is made once', async (card, code, billed) => {
    await start(card === 'hang' || card === 'drip' ? SHORT_TIMEOUT : undefined);
    const { data, errors } = await listOf(`sandbox:${card}`);
    expect(data.company).toEqual({ searchKey: `sandbox:${card}`, endCases: null });
    expect(errors).toHaveLength(1);
    expect(errors?.[0]?.extensions).toMatchObject({ code, retryable: true, upstream: { billed } });
    expect(gateway.sandbox.statistics.GetList.calls).toBe(1);
  });

  it('for one detail nulls that detail only', async () => {
    await start(SHORT_TIMEOUT);
    const { data, errors } = await gateway.query(
      '{ company(searchKey: "sandbox:details:hang") { endCases { nodes { caseNo detail { certificateNo } } } } }',
    );
    const { nodes } = data.company.endCases;
    expect(nodes.map(({ detail }: { detail: object | null }) => detail !== null)).toEqual([
      true,
      false,
      true,
    ]);
    expect(nodes[1].caseNo).not.toBeNull();
    expect(errors?.map(({ path }) => path)).toEqual([['company', 'endCases', 'nodes', 1, 'detail']]);
  });

  it('because the connection was refused is made three times', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const address = closed.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    closed.close();
    await once(closed, 'close');
    const lost = closeAfterTest(
      await startTestGateway({ env: { QCC_BASE_URL: `http://127.0.0.1:${port}/api`, QCC_TIMEOUT: '30s' } }),
    );
    const { errors, extensions } = await lost.query('{ endCase(id: "abc") { court } }');
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'UPSTREAM_UNREACHABLE',
      retryable: true,
      upstream: { billed: false },
    });
    expect(extensions.cost.calls.GetDetail).toBe(3);
    expect(JSON.stringify(errors)).not.toContain(String(port));
  });

  it('does not reveal the address, the key or the token', async () => {
    await start();
    const { errors } = await listOf('sandbox:reset');
    const text = JSON.stringify(errors);
    for (const secret of ['127.0.0.1', 'sandbox-key', 'sandbox-secret', 'Token']) {
      expect(text).not.toContain(secret);
    }
  });
});

describe('circuits', () => {
  const stateOf = async () => {
    const response = await fetch(new URL('/readyz', gateway.url));
    return [response.status, await response.json()];
  };

  it('stop all calls, queued ones included, when QCC refuses the credentials', async () => {
    const narrow = closeAfterTest(await startTestGateway({ env: { QCC_MAX_CONCURRENCY: '1' } }));
    const keys = JSON.stringify([101, 103, 104, 106, 108, 119].map((status) => `sandbox:status:${status}`));
    await narrow.query(`{ companies(searchKeys: ${keys}) { endCases { totalCount } } }`);
    expect(narrow.sandbox.statistics.total.calls).toBe(1);

    await start();
    await listOf('sandbox:status:103');
    const first = await gateway.query('{ endCase(id: "anything") { court } }');
    expect(first.errors?.[0]?.extensions).toMatchObject({
      code: 'UPSTREAM_FORBIDDEN',
      upstream: { method: 'GetDetail', status: '103', billed: false, orderNumber: null },
    });
    expect(gateway.sandbox.statistics.total.calls).toBe(1);
    expect(await stateOf()).toEqual([
      200,
      { status: 'degraded', store: 'ok', ledger: 'ok', upstream: 'refused' },
    ]);
  });

  it('stop one method when QCC refuses that method only', async () => {
    await start();
    await gateway.query('{ endCase(id: "sandbox:status:214") { court } }');
    await gateway.query('{ endCase(id: "another") { court } }');
    expect((await listOf('sandbox:rows:3')).errors).toBeUndefined();
    expect(gateway.sandbox.statistics.GetDetail.calls).toBe(1);
    expect(await stateOf()).toEqual([
      200,
      { status: 'degraded', store: 'ok', ledger: 'ok', upstream: 'open' },
    ]);
  });

  it('stop all calls after five failures in a row, on whichever method', async () => {
    await start();
    await listOf('sandbox:html');
    await listOf('sandbox:truncated');
    await listOf('sandbox:http:500');
    await gateway.query('{ endCase(id: "sandbox:html") { court } }');
    await gateway.query('{ endCase(id: "sandbox:reset") { court } }');
    const { errors } = await listOf('sandbox:rows:3');
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'UPSTREAM_UNREACHABLE', retryAfter: 30 });
    expect(gateway.sandbox.statistics.total.calls).toBe(5);
  });
});

describe('a billed refusal', () => {
  it('is repeated from the cache, with the same error', async () => {
    await start();
    const first = await listOf('sandbox:status:208');
    const again = await listOf('sandbox:status:208');
    expect([again.data, again.errors]).toEqual([first.data, first.errors]);
    expect(gateway.sandbox.statistics.GetList.calls).toBe(1);
  });

  it('is called for again after an hour, a cooldown after two', async () => {
    let time = Date.now();
    const timed = closeAfterTest(await startTestGateway({ now: () => time }));
    const ask = (status: number) => timed.query(`{ endCase(id: "sandbox:status:${status}") { court } }`);
    const calls = () => timed.sandbox.statistics.GetDetail.calls;
    await ask(208);
    const cooling = await ask(110);
    expect(cooling.errors?.[0]?.extensions).toMatchObject({ code: 'UPSTREAM_COOLDOWN', retryAfter: 7200 });
    time += 3_599_000;
    await ask(208);
    expect((await ask(110)).errors?.[0]?.extensions.retryAfter).toBe(3601);
    expect(calls()).toBe(2);
    time += 2_000;
    await ask(208);
    expect(calls()).toBe(3);
    time += 3_600_000;
    await ask(110);
    expect(calls()).toBe(4);
  });
});

describe('an answer with fewer fields than the document lists', () => {
  it('is read as far as it goes', () => {
    const envelope = { status: '200', message: null, orderNumber: null, paging: undefined };
    const { parameters } = getList.call({ searchKey: 'ab', page: 1 });
    const page = getList.read({ ...envelope, result: { Data: [{ Id: 'x' }] } }, parameters);
    expect(page).toMatchObject({
      total: null,
      verified: true,
      rows: [{ id: 'x', court: null, endDate: null }],
    });
    expect(getList.read({ ...envelope, result: undefined }, parameters)).toEqual({
      page: 1,
      total: 0,
      verified: false,
      rows: [],
    });
    for (const result of [
      { Id: 'y' },
      { Court: '某法院', OwnerInfo: '' },
      { Court: '某法院', OwnerInfo: {} },
    ]) {
      const detail = getDetail.read({ ...envelope, result }, { id: 'y' });
      expect(detail).toMatchObject({ id: 'y', certificateNo: null, judgmentDebtor: null });
    }
  });
});
