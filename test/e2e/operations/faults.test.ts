import { once } from 'node:events';
import { createServer } from 'node:net';
import { methods } from '../../../src/qcc/methods.js';
import { startTestGateway, type TestGateway } from '../../support/gateway.js';

let setup: TestGateway;
beforeEach(async () => {
  setup = await startTestGateway({ env: { QCC_TIMEOUT: '1s' } });
});
afterEach(() => setup.close());

const listOf = (card: string) =>
  setup.query(`{ company(searchKey: "${card}") { searchKey endCases { totalCount } } }`);

describe('an upstream that fails on the way', () => {
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
  ])('by %s is %s, asked once', async (card, code, billed) => {
    const { data, errors } = await listOf(`sandbox:${card}`);
    expect(data.company).toEqual({ searchKey: `sandbox:${card}`, endCases: null });
    expect(errors).toHaveLength(1);
    expect(errors?.[0]?.extensions).toMatchObject({ code, retryable: true, upstream: { billed } });
    expect(setup.sandbox.statistics.GetList.calls).toBe(1);
  });

  it('in one detail nulls that detail alone', async () => {
    const { data, errors } = await setup.query(
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

  it('by refusing connections was not asked, so it is asked three times', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const address = closed.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    closed.close();
    const lost = await startTestGateway({
      env: { QCC_BASE_URL: `http://127.0.0.1:${port}/api`, QCC_TIMEOUT: '2s' },
    });
    const { errors } = await lost.query('{ endCase(id: "abc") { court } }');
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'UPSTREAM_UNREACHABLE',
      retryable: true,
      upstream: { billed: false },
    });
    expect(JSON.stringify(errors)).not.toContain(String(port));
    await lost.close();
  });

  it('never shows its address, key or token', async () => {
    const { errors } = await listOf('sandbox:reset');
    const text = JSON.stringify(errors);
    for (const secret of ['127.0.0.1', 'sandbox-key', 'sandbox-secret', 'Token']) {
      expect(text).not.toContain(secret);
    }
  });
});

describe('circuits', () => {
  const stateOf = async () => {
    const response = await fetch(new URL('/readyz', setup.gateway.url));
    return [response.status, await response.json()];
  };

  it('stop the account when its credentials are refused, what waits for a slot included', async () => {
    const narrow = await startTestGateway({ env: { QCC_MAX_CONCURRENCY: '1' } });
    const keys = JSON.stringify([101, 103, 104, 106, 108, 119].map((status) => `sandbox:status:${status}`));
    await narrow.query(`{ companies(searchKeys: ${keys}) { endCases { totalCount } } }`);
    expect(narrow.sandbox.statistics.total.calls).toBe(1);
    await narrow.close();

    await listOf('sandbox:status:103');
    const first = await setup.query('{ endCase(id: "anything") { court } }');
    expect(first.errors?.[0]?.extensions).toMatchObject({
      code: 'UPSTREAM_FORBIDDEN',
      upstream: { method: 'GetDetail', status: '103', billed: false, orderNumber: null },
    });
    expect(setup.sandbox.statistics.total.calls).toBe(1);
    expect(await stateOf()).toEqual([200, { status: 'degraded', store: 'ok', upstream: 'refused' }]);
  });

  it('stop one method alone where only it is refused', async () => {
    await setup.query('{ endCase(id: "sandbox:status:214") { court } }');
    await setup.query('{ endCase(id: "another") { court } }');
    expect((await listOf('sandbox:rows:3')).errors).toBeUndefined();
    expect(setup.sandbox.statistics.GetDetail.calls).toBe(1);
    expect(await stateOf()).toEqual([200, { status: 'degraded', store: 'ok', upstream: 'open' }]);
  });

  it('stop after five failures in a row, whatever the method', async () => {
    await listOf('sandbox:html');
    await listOf('sandbox:truncated');
    await listOf('sandbox:http:500');
    await setup.query('{ endCase(id: "sandbox:html") { court } }');
    await setup.query('{ endCase(id: "sandbox:reset") { court } }');
    const { errors } = await listOf('sandbox:rows:3');
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'UPSTREAM_UNREACHABLE', retryAfter: 30 });
    expect(setup.sandbox.statistics.total.calls).toBe(5);
  });
});

describe('a refusal that was billed', () => {
  it('is repeated from memory, with the same error', async () => {
    const first = await listOf('sandbox:status:208');
    const again = await listOf('sandbox:status:208');
    expect([again.data, again.errors]).toEqual([first.data, first.errors]);
    expect(setup.sandbox.statistics.GetList.calls).toBe(1);
  });

  it('is asked again after an hour, a cooldown after two', async () => {
    let time = Date.now();
    const timed = await startTestGateway({ now: () => time });
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
    await timed.close();
  });
});

describe('an answer that holds less than the document says', () => {
  it('is read for what it holds', () => {
    const envelope = { status: '200', message: null, orderNumber: null, paging: undefined };
    const call = { method: 'GetList', searchKey: 'ab', page: 1 } as const;
    const page = methods.GetList.read({ ...envelope, result: { Data: [{ Id: 'x' }] } }, call);
    expect(page).toMatchObject({
      total: null,
      verified: true,
      rows: [{ id: 'x', court: null, endDate: null }],
    });
    expect(methods.GetList.read({ ...envelope, result: undefined }, call)).toEqual({
      total: 0,
      verified: false,
      rows: [],
    });
    for (const result of [{}, { OwnerInfo: '' }, { OwnerInfo: {} }]) {
      const detail = methods.GetDetail.read({ ...envelope, result }, { method: 'GetDetail', id: 'y' });
      expect(detail).toMatchObject({ id: 'y', certificateNo: null, judgmentDebtor: null });
    }
  });
});
