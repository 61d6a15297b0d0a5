import { join } from 'node:path';
import { open } from 'lmdb';
import { startSandbox } from '../../../src/sandbox/server.js';
import { closeAfterTest } from '../../support/cleanup.js';
import { startTestGateway, type TestGateway, type TestGatewayOptions } from '../../support/gateway.js';
import { holdUpstream } from '../../support/held-upstream.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { waitUntil } from '../../support/wait-until.js';

const SAMPLE = '浙江省临海标准件工业公司';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const start = async (options: TestGatewayOptions = {}) => closeAfterTest(await startTestGateway(options));

const list = (key: string, window = '') =>
  `{ company(searchKey: "${key}") { hasEndCases endCases${window} { totalCount nodes { id } } } }`;
const detail = (id: string) => `{ endCase(id: "${id}") { court detail { certificateNo } } }`;
const calls = ({ sandbox }: TestGateway) => sandbox.statistics.total.calls;

describe('an answer', () => {
  it('is bought once for all windows its page covers, and for the counts', async () => {
    const gateway = await start();
    await gateway.query(list(SAMPLE, '(first: 5)'));
    for (const window of ['(first: 20)', '(offset: 7, first: 9)', '(first: 0)', '']) {
      const { extensions } = await gateway.query(list(SAMPLE, window));
      expect(extensions.cost).toMatchObject({ billed: 0, shared: 0 });
      expect(extensions.cost.cached).toBeGreaterThan(0);
    }
    expect(calls(gateway)).toBe(1);
    await gateway.query(list(SAMPLE, '(first: 21)'));
    expect(calls(gateway)).toBe(2);
  });

  it('gives the length of its list, so that windows past the end cost nothing and windows from the end one page', async () => {
    const gateway = await start();
    await gateway.query(list(SAMPLE, '(offset: 60, first: 1)'));
    const beyond = await gateway.query(list(SAMPLE, '(offset: 120, first: 10)'));
    expect(beyond.data.company).toEqual({ hasEndCases: true, endCases: { totalCount: 99, nodes: [] } });
    expect(calls(gateway)).toBe(1);
    await gateway.query(list(SAMPLE, '(last: 19)'));
    expect(calls(gateway)).toBe(2);
  });

  it.each([
    ['a list', list(SAMPLE), 24 * HOUR],
    ['an empty list', list('sandbox:rows:0'), 24 * HOUR],
    ['a detail', detail('68d0c45d6ce6115c340e31674b45cd62'), 7 * DAY],
    ['a detail that does not exist', detail('nobody'), 24 * HOUR],
    ['a billed refusal', detail('sandbox:status:208'), HOUR],
    ['a cooldown', detail('sandbox:status:110'), 2 * HOUR],
  ])('(%s) serves until its TTL ends, across a restart too, and no longer', async (_, query, span) => {
    let shift = 0;
    const now = () => Date.now() + shift;
    const folder = temporaryFolder();
    const first = await start({ now, folder });
    const upstream = first.sandbox;
    const bought = await first.query(query);
    expect(bought.extensions.cost).toMatchObject({ billed: 1, cached: 0 });
    await first.stop();
    const second = await start({ now, folder, upstream });
    shift = span - 60_000;
    for (const gateway of [second, second]) {
      const again = await gateway.query(query);
      expect(again.data).toEqual(bought.data);
      expect(again.errors?.[0]?.extensions.code).toBe(bought.errors?.[0]?.extensions.code);
      expect(again.extensions.cost).toMatchObject({
        billed: 0,
        stale: 0,
        calls: { GetList: 0, GetDetail: 0 },
      });
      expect(again.extensions.cost.cached).toBeGreaterThan(0);
    }
    expect(upstream.statistics.total.calls).toBe(1);
    shift = span + 60_000;
    expect((await second.query(query)).extensions.cost.billed).toBe(1);
  });

  it('of another process gives the length of a list once the copy of this process has expired', async () => {
    const folder = temporaryFolder();
    let time = Date.now();
    const options = { folder, now: () => time, env: { CACHE_LIST_TTL: '1h' } };
    const one = await start(options);
    const other = await start({ ...options, upstream: one.sandbox });
    const count = '{ company(searchKey: "sandbox:rows:60") { endCases(first: 0) { totalCount } } }';
    expect((await one.query(count)).extensions.cost.billed).toBe(1);
    time += HOUR + 1;
    expect(
      (await other.query(list('sandbox:rows:60', '(first: 1, offset: 40)'))).extensions.cost.billed,
    ).toBe(1);
    const { data, extensions } = await one.query(count);
    expect([data.company.endCases.totalCount, extensions.cost.billed]).toEqual([60, 0]);
  });

  it('is bought every time where its cache is turned off', async () => {
    const gateway = await start({
      env: { CACHE_LIST_TTL: '0', CACHE_DETAIL_TTL: '0', CACHE_EMPTY_TTL: '0' },
    });
    for (const query of [list(SAMPLE), list('sandbox:rows:0'), detail('nobody')]) {
      for (const _ of [1, 2]) expect((await gateway.query(query)).extensions.cost.billed).toBe(1);
    }
  });

  it('from GetDetail takes precedence over the list row', async () => {
    const gateway = await start();
    const query = `{ company(searchKey: "${SAMPLE}") { endCases(first: 2) { nodes { detail { court } } } } }`;
    await gateway.query(detail('68d0c45d6ce6115c340e31674b45cd62'));
    const { data, extensions } = await gateway.query(query);
    expect(data.company.endCases.nodes[0].detail.court).toBe('临海市人民法院');
    expect(extensions.cost).toMatchObject({ billed: 1, cached: 1, elided: 1 });
  });

  it('with cases serves a name in any width and case; an empty or refused one serves the exact text only', async () => {
    const gateway = await start();
    await gateway.query(list('Ａcme（杭州）有限公司１'));
    const wide = await gateway.query(list('acme(杭州)有限公司1'));
    const cases = wide.data.company.endCases.totalCount;
    expect(cases).toBeGreaterThan(0);
    expect([wide.extensions.cost.billed, calls(gateway)]).toEqual([0, 1]);
    for (const key of ['sandbox:rows:0', 'SANDBOX:rows:0', 'sandbox:status:208', 'Sandbox:status:208']) {
      await gateway.query(list(key));
      await gateway.query(list(key));
    }
    expect(calls(gateway)).toBe(5);
  });

  it('that comes after its timeout is cached, is not bought again, and settles its row in the ledger', async () => {
    const sandbox = closeAfterTest(await startSandbox());
    const upstream = closeAfterTest(await holdUpstream(sandbox));
    const gateway = await start({
      upstream: sandbox,
      env: { QCC_BASE_URL: upstream.url, QCC_TIMEOUT: '1s' },
    });
    const timedOut = await gateway.query(list(SAMPLE));
    expect(timedOut.errors?.[0]?.extensions.code).toBe('UPSTREAM_TIMEOUT');
    expect(timedOut.extensions.cost).toMatchObject({ billed: 0, maybeBilled: 1 });
    const usage = () => gateway.query('{ usage { total { calls billed maybeBilled } } }');
    expect((await usage()).data.usage.total).toEqual({ calls: 1, billed: 0, maybeBilled: 1 });
    upstream.open();
    const answered = await waitUntil(async () => {
      const again = await gateway.query(list(SAMPLE));
      return again.errors ? undefined : again;
    }, 'the late answer serves');
    expect(answered.data.company.hasEndCases).toBe(true);
    expect(calls(gateway)).toBe(1);
    expect((await usage()).data.usage.total).toEqual({ calls: 1, billed: 1, maybeBilled: 0 });
  });
});

describe('a stale answer', () => {
  it('serves while upstream fails, pauses new attempts for 30 s, and is refreshed when upstream is back', async () => {
    let shift = 0;
    const gateway = await start({ now: () => Date.now() + shift, folder: temporaryFolder() });
    const upstream = gateway.sandbox;
    await gateway.query(list(SAMPLE));
    upstream.setRefusal('199');
    shift = 25 * HOUR;
    const stale = await gateway.query(list(SAMPLE));
    expect(stale.errors).toBeUndefined();
    expect(stale.data.company.endCases.totalCount).toBe(99);
    expect(stale.extensions.cost).toMatchObject({ stale: 1, cached: 1, calls: { GetList: 2 } });
    const before = calls(gateway);
    for (const _ of [1, 2, 3]) {
      expect((await gateway.query(list(SAMPLE))).extensions.cost).toMatchObject({ stale: 1, billed: 0 });
    }
    expect(calls(gateway)).toBe(before);
    upstream.setRefusal(undefined);
    shift += 31_000;
    expect((await gateway.query(list(SAMPLE))).extensions.cost).toMatchObject({ stale: 0, billed: 1 });
    upstream.setRefusal('199');
    shift += 9 * DAY;
    expect((await gateway.query(list(SAMPLE))).errors?.[0]?.extensions.code).toBe('UPSTREAM_FAILURE');
  });
});

describe('CACHE_DISK', () => {
  it('keeps the answers that were bought last, and all of the ledger', async () => {
    const folder = temporaryFolder();
    const env = { CACHE_DISK: '64KB' };
    const first = await start({ folder, env });
    const upstream = first.sandbox;
    const queries = Array.from({ length: 30 }, (_, index) => list(`sandbox:rows:${20 + index}`));
    for (const query of queries) expect((await first.query(query)).extensions.cost.billed).toBe(1);
    const store = join(folder, 'store');
    const sizeOf = () => {
      const root = open({ path: store, maxDbs: 12 });
      const size = root.openDB<number, string>({ name: 'state', encoding: 'json' }).get('entry bytes') ?? 0;
      return root.close().then(() => size);
    };
    await waitUntil(async () => (await sizeOf()) <= 64 * 1024);
    await first.stop();
    const second = await start({ folder, env, upstream });
    const billed = [];
    // The newest first: what is bought anew displaces the oldest.
    for (const query of queries.toReversed()) billed.push((await second.query(query)).extensions.cost.billed);
    const cached = billed.indexOf(1);
    expect(cached).toBeGreaterThan(5);
    expect(billed).toEqual(billed.map((_, index) => (index < cached ? 0 : 1)));
    const usage = await second.query('{ usage { total { calls } } }');
    expect(usage.data.usage.total.calls).toBe(30 + billed.length - cached);
  });
});

describe('a corrupt entry of the cache', () => {
  it('is a miss, not a failure', async () => {
    const folder = temporaryFolder();
    const first = await start({ folder });
    const upstream = first.sandbox;
    await first.query(list(SAMPLE));
    await first.stop();
    const root = open({ path: join(folder, 'store'), maxDbs: 8 });
    const entries = root.openDB<Buffer, string>({ name: 'entries 2', encoding: 'binary' });
    const corrupt = [...entries.getRange()];
    expect(corrupt.length).toBeGreaterThan(0);
    for (const { key, value } of corrupt) {
      const bytes = Buffer.from(value);
      bytes.writeUInt8(bytes.readUInt8(bytes.length - 3) ^ 0xff, bytes.length - 3);
      await entries.put(key, bytes);
    }
    await root.close();
    const second = await start({ folder, upstream });
    const again = await second.query(list(SAMPLE));
    expect(again.errors).toBeUndefined();
    expect(again.extensions.cost.billed).toBe(1);
  });
});
