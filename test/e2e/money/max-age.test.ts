import { createHash } from 'node:crypto';
import { closeAfterTest } from '../../support/cleanup.js';
import {
  type GraphResponse,
  jsonOf,
  startTestGateway,
  type TestGateway,
  type TestGatewayOptions,
} from '../../support/gateway.js';
import { describeWithRedis, startRedis } from '../../support/redis.js';
import { answer, pageOf, startUpstream } from '../../support/scripted-upstream.js';

const LIST = 'sandbox:rows:3';
const NOON = Date.parse('2026-11-24T04:00:00Z');
const HOUR = 3_600_000;
const at = (time: number) => new Date(time).toISOString();

let time: number;
const now = () => time;
beforeEach(() => {
  time = NOON;
});

const start = async (options: TestGatewayOptions = {}) =>
  closeAfterTest(await startTestGateway({ now, ...options }));
const ask = async (
  gateway: TestGateway,
  query: string,
  maxAge?: number | string,
  more: Record<string, string> = {},
): Promise<GraphResponse> => {
  const headers = { ...(maxAge === undefined ? {} : { 'x-cost-max-age': String(maxAge) }), ...more };
  return jsonOf(await gateway.post({ query }, { headers }));
};
const listOf = (key: string, fields: string) =>
  `{ company(searchKey: "${key}") { endCases(first: 1) { ${fields} } } }`;
const ROWS = listOf(
  LIST,
  'totalCount retrievedAt stale nodes { id detail { certificateNo retrievedAt stale } }',
);
const bill = async (...args: Parameters<typeof ask>) => (await ask(...args)).extensions.cost.billed;

describe.each([
  ['with the response cache', {}],
  ['without the response cache', { CACHE_RESPONSES: '0' }],
])('x-cost-max-age, %s,', (_, env) => {
  it.each(['', '-1', '1.5', 'an hour'])('refuses "%s" before any call', async (maxAge) => {
    const gateway = await start({ env });
    const { errors } = await ask(gateway, ROWS, maxAge);
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(gateway.sandbox.statistics.total.calls).toBe(0);
  });

  it('needs a scope', async () => {
    const key = (name: string) => `${name}:${createHash('sha256').update(name).digest('hex')}`;
    const keys = `${key('reader')},${key('officer')}:answers:refresh+endcases:pii`;
    const gateway = await start({ env: { ...env, AUTH_API_KEYS: keys } });
    const refused = await ask(gateway, ROWS, 60, { authorization: 'Bearer reader' });
    expect(refused.errors?.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
    expect(gateway.sandbox.statistics.total.calls).toBe(0);
    expect(await bill(gateway, ROWS, 60, { authorization: 'Bearer officer' })).toBe(2);
  });

  it('buys anew what is older, a dry run included, and serves what is not', async () => {
    const gateway = await start({ env });
    for (let round = 0; round < 3; round++) await ask(gateway, ROWS);
    time += 60_000;
    expect(await bill(gateway, ROWS, 60)).toBe(0);
    time += 1;
    const dryRun = await ask(gateway, ROWS, 60, { 'x-cost-dry-run': '1' });
    expect(dryRun.extensions.cost.estimate).toEqual({ min: 1, max: 2 });
    const { data, extensions } = await ask(gateway, ROWS, 60);
    expect(extensions.cost).toMatchObject({ billed: 2, calls: { GetList: 1, GetDetail: 1 } });
    const young = { retrievedAt: at(time), stale: false };
    expect(data.company.endCases).toMatchObject({ ...young, nodes: [{ detail: young }] });
    expect([await bill(gateway, ROWS, 60), await bill(gateway, ROWS), await bill(gateway, ROWS)]).toEqual([
      0, 0, 0,
    ]);
    time += 1;
    expect(await bill(gateway, ROWS, 0)).toBe(2);
    time += 1;
    expect((await ask(gateway, ROWS, 0, { 'x-cost-limit': '1' })).errors).toHaveLength(1);
  });

  it.each([
    ['the total of a list', listOf(LIST, 'totalCount')],
    ['evidence alone', listOf(LIST, 'retrievedAt')],
    ['whether a company has cases', `{ company(searchKey: "${LIST}") { hasEndCases } }`],
    ['an empty list', listOf('sandbox:rows:0', 'totalCount nodes { id }')],
    ['an unknown company', listOf('没有这家公司', 'totalCount')],
    ['an unknown case', '{ endCase(id: "nobody") { court } }'],
  ])('buys %s anew', async (_title, query) => {
    const gateway = await start({ env });
    expect(await bill(gateway, query)).toBe(1);
    time += HOUR;
    expect(await bill(gateway, query, 3600)).toBe(0);
    time += 1;
    expect(await bill(gateway, query, 3600)).toBe(1);
    expect(await bill(gateway, query, 3600)).toBe(0);
    expect(gateway.sandbox.statistics.total.calls).toBe(2);
  });

  it('does not shorten the time of a refusal', async () => {
    const gateway = await start({ env });
    const query = '{ endCase(id: "sandbox:status:208") { court } }';
    await ask(gateway, query);
    time += 1000;
    const { errors, extensions } = await ask(gateway, query, 0);
    expect([errors?.[0]?.extensions.code, extensions.cost.cached]).toEqual(['BAD_USER_INPUT', 1]);
    expect(gateway.sandbox.statistics.total.calls).toBe(1);
  });

  it('serves older answers where QCC fails, marked stale, and pauses', async () => {
    let fails = false;
    const upstream = await startUpstream(() => (fails ? answer('117') : pageOf(1, 3, 3)));
    const gateway = await start({ env: { ...env, ...upstream.env } });
    const query = listOf('某某公司', 'totalCount retrievedAt stale nodes { id detail { court stale } }');
    await ask(gateway, query);
    time += 1000;
    fails = true;
    for (let round = 0; round < 3; round++) {
      const { data, errors, extensions } = await ask(gateway, query, 0);
      expect(errors).toBeUndefined();
      const old = { retrievedAt: at(NOON), stale: true };
      expect(data.company.endCases).toMatchObject({
        ...old,
        totalCount: 3,
        nodes: [{ detail: { stale: true } }],
      });
      expect(extensions.cost).toMatchObject({ cached: 1, stale: 1, billed: 0 });
    }
    expect(upstream.calls).toHaveLength(2);
    // For others the answer is as good as it was.
    for (let round = 0; round < 3; round++) {
      const { data, extensions } = await ask(gateway, query);
      expect([data.company.endCases.stale, extensions.cost.stale]).toEqual([false, 0]);
    }
    time += 30_001;
    fails = false;
    expect(await bill(gateway, query, 0)).toBe(1);
  });

  it('stays within the budget', async () => {
    const gateway = await start({ env: { ...env, BUDGET_PER_DAY: '2' } });
    await ask(gateway, ROWS);
    time += 1000;
    expect((await ask(gateway, ROWS, 0)).errors?.[0]?.extensions.code).toBe('BUDGET_EXCEEDED');
    expect(await bill(gateway, ROWS)).toBe(0);
  });

  it('counts through _entities', async () => {
    const gateway = await start({ env });
    const query = `{ _entities(representations: [{ __typename: "Company", searchKey: "${LIST}" }]) {
      ... on Company { endCases { retrievedAt } } } }`;
    expect(await bill(gateway, query)).toBe(1);
    time += 1000;
    expect([await bill(gateway, query, 1), await bill(gateway, query, 0)]).toEqual([0, 1]);
  });

  it('buys once for requests at once', async () => {
    const gateway = await start({ env, latency: 20 });
    const other = await start({ env, upstream: gateway.sandbox, folder: gateway.folder });
    await ask(gateway, ROWS);
    time += 1000;
    const responses = await Promise.all(
      Array.from({ length: 10 }, (_value, index) =>
        ask(index % 2 ? gateway : other, ROWS, index % 3 === 0 ? undefined : 0),
      ),
    );
    responses.forEach(({ data, errors }, index) => {
      expect(errors).toBeUndefined();
      if (index % 3 > 0) expect(data.company.endCases).toMatchObject({ retrievedAt: at(time), stale: false });
    });
    expect(gateway.sandbox.statistics.total.calls).toBe(4);
  });

  it('buys anew though a flight that began before brings the older answer', async () => {
    const before = await start({ env });
    await ask(before, ROWS);
    await before.stop();
    time += 1000;
    const gateway = await start({ env, upstream: before.sandbox, folder: before.folder });
    const [any, young] = await Promise.all([ask(gateway, ROWS), ask(gateway, ROWS, 0)]);
    expect(any?.data.company.endCases.retrievedAt).toBe(at(NOON));
    expect(young?.data.company.endCases).toMatchObject({ retrievedAt: at(time), stale: false });
    expect(before.sandbox.statistics.total.calls).toBe(4);
  });
});

describeWithRedis('x-cost-max-age over two instances', () => {
  it('finds what the other instance bought anew, though this one remembers the older answer', async () => {
    const redis = closeAfterTest(await startRedis());
    const env = { REDIS_URL: redis.url };
    const one = await start({ env });
    const other = await start({ env, upstream: one.sandbox });
    await ask(one, ROWS);
    for (let round = 0; round < 3; round++) expect(await bill(other, ROWS)).toBe(0);
    time += 1000;
    expect(await bill(one, ROWS, 0)).toBe(2);
    const { data, extensions } = await ask(other, ROWS, 0);
    expect(extensions.cost.billed).toBe(0);
    expect(data.company.endCases).toMatchObject({ retrievedAt: at(time), stale: false });
    expect(one.sandbox.statistics.total.calls).toBe(4);
  });
});
