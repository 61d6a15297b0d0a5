import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeUsageKind, hourOf, usageGroup } from '../../../src/ledger/hourly-usage.js';
import { Ledger } from '../../../src/ledger/ledger.js';
import { openPostgresLedger } from '../../../src/ledger/postgres/postgres-ledger.js';
import { decodeRow, encodeRow, type LedgerRow } from '../../../src/ledger/row.js';
import { UsageSums } from '../../../src/ledger/usage-totals.js';
import { Cancellation } from '../../../src/qcc/wire/cancellation.js';
import { startSandbox } from '../../../src/sandbox/server.js';
import { EmbeddedStore } from '../../../src/store/embedded/embedded-store.js';
import type { Journal } from '../../../src/store/journal.js';
import { closeAfterTest } from '../../support/cleanup.js';
import { freePort } from '../../support/free-port.js';
import {
  type Data,
  jsonOf,
  startTestGateway,
  type TestGateway,
  type TestGatewayOptions,
} from '../../support/gateway.js';
import { holdUpstream } from '../../support/held-upstream.js';
import { readMetric } from '../../support/metrics.js';
import {
  describeWithPostgres,
  type PostgresDatabase,
  type PostgresServer,
  startPostgres,
} from '../../support/postgres.js';
import { priceVariables } from '../../support/price-variables.js';
import { envFor, linesOf, runToEnd } from '../../support/process.js';
import { REDIS, startRedis } from '../../support/redis.js';
import { requires } from '../../support/requirement.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { waitUntil } from '../../support/wait-until.js';

const HOUR = 3_600_000;
/** 2026-11-24T12:00 in Shanghai. */
const NOON = Date.parse('2026-11-24T04:00:00Z');
const UNKNOWN = 'ENDEXECUTECASECHECK2026112412000000000001';
const { it: itWithRedis } = requires(REDIS);
/** The blocks of SQL in a page. */
const statementsIn = (page: string) =>
  [...readFileSync(join(__dirname, '..', '..', '..', page), 'utf8').matchAll(/```sql\n([\s\S]*?)```/g)].map(
    ([, text = '']) => text,
  );
const LATIN = `ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0`;
const END_OF_TIME = Number.MAX_SAFE_INTEGER;
const ROW: LedgerRow = {
  ...{ at: NOON, client: 'shop', operation: null, method: 'GetList', subject: 'x #1', status: '200' },
  ...{ orderNumber: 'N1', billed: 'yes', price: '0.3', latency: 5 },
};
const KEY = Ledger.newKey(NOON);
const AVOIDED = encodeUsageKind({ ...ROW, status: null, kind: 'cached' });
const PRICES = priceVariables({ GetList: '0.3', GetDetail: '1.25' });
const DETAILS = `query Risk { company(searchKey: "浙江省临海标准件工业公司") { endCases(first: 3) { nodes { detail { certificateNo } } } } }`;
const CARDS = `{ a: endCase(id: "sandbox:status:208") { court } b: endCase(id: "sandbox:reset") { court } c: endCase(id: "sandbox:status:117") { court } }`;
const ROWS = 'key calls billed maybeBilled cached shared elided amount saved';

const usageOf = async ({ query }: Pick<TestGateway, 'query'>, args = '') => {
  const { data, errors } = await query(`{ usage${args} { total { ${ROWS} } groups { ${ROWS} } } }`);
  expect(errors).toBeUndefined();
  return data.usage;
};

const ready = async ({ url }: Pick<TestGateway, 'url'>) => jsonOf(await fetch(new URL('/readyz', url)));
/** Every attempt of the sandbox that has an order number, as the ledger should have it. */
const boughtAt = ({ sandbox }: TestGateway) =>
  sandbox.statistics.log.flatMap(({ orderNumber }) => orderNumber ?? []).sort();
const COUNTS = `SELECT kind, sum(calls)::int AS calls FROM endcase_usage GROUP BY kind HAVING sum(calls) > 0 ORDER BY kind`;
const ATTEMPTS = `SELECT billed AS kind, count(*)::int AS calls FROM endcase_ledger GROUP BY billed ORDER BY billed`;

describeWithPostgres('the ledger in PostgreSQL', () => {
  let postgres: PostgresServer;
  let database: PostgresDatabase;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.close());
  beforeEach(async () => {
    database = await postgres.createDatabase();
  });
  const start = async ({ env, ...options }: TestGatewayOptions = {}) =>
    closeAfterTest(
      await startTestGateway({ ...options, env: { ...PRICES, LEDGER_URL: database.url, ...env } }),
    );
  const ledgerEnv = ({ sandbox }: TestGateway) => ({
    ...envFor(sandbox, temporaryFolder()),
    LEDGER_URL: database.url,
  });
  const ledger = (gateway: TestGateway, env: Record<string, string>, ...args: string[]) =>
    runToEnd({ ...ledgerEnv(gateway), ...env }, 'ledger', ...args);
  const recorded = async () => {
    const rows = await database.query(
      'SELECT order_number FROM endcase_ledger WHERE order_number IS NOT NULL',
    );
    return rows.map(({ order_number: number }) => number).sort();
  };

  it('has every attempt, and the usage of two instances exactly', async () => {
    const one = await start();
    const other = await start({ upstream: one.sandbox });
    expect(await ready(one)).toEqual({ status: 'ok', store: 'ok', ledger: 'ok', upstream: 'ok' });
    await one.query(DETAILS);
    await one.query(DETAILS);
    await one.query(DETAILS.replace('certificateNo', 'court'));
    await one.query(CARDS);
    const { total, groups } = await usageOf(one);
    expect(total).toEqual({
      key: 'total',
      calls: 7,
      billed: 5,
      maybeBilled: 1,
      cached: 8,
      shared: 0,
      elided: 0,
      amount: '5.3',
      saved: '8.1',
    });
    expect(groups).toHaveLength(1);
    expect(groups[0].key).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(await usageOf(other)).toEqual({ total, groups });
    await other.query('{ endCase(id: "case") { court } }');
    expect((await usageOf(other)).total).toMatchObject({ calls: 8, billed: 6, amount: '6.55' });
    expect(await recorded()).toEqual(boughtAt(one));
    for (const [by, keys] of [
      ['METHOD', ['GetDetail', 'GetList']],
      ['OPERATION', ['(none)', 'Risk']],
      ['CLIENT', ['anonymous']],
      ['STATUS', ['(none)', '117', '200', '201', '208']],
    ]) {
      const { groups } = await usageOf(one, `(groupBy: ${by})`);
      expect(groups.map(({ key }: Data) => key)).toEqual(keys);
      expect(groups.reduce((sum: number, { calls }: Data) => sum + calls, 0)).toBe(8);
    }
  });

  it('moves a call to another count of the hour in which it began', async () => {
    let time = NOON + HOUR - 1;
    const sandbox = closeAfterTest(await startSandbox());
    const upstream = closeAfterTest(await holdUpstream(sandbox));
    const gateway = await start({
      upstream: sandbox,
      env: { QCC_BASE_URL: upstream.url },
      now: () => time,
    });
    const answered = gateway.query('{ endCase(id: "case") { court } }');
    await waitUntil(() => upstream.held === 1);
    const first = '(from: "2026-11-24T04:00:00Z", to: "2026-11-24T05:00:00Z")';
    expect((await usageOf(gateway, first)).total).toMatchObject({ calls: 1, maybeBilled: 1, amount: '0' });
    time += HOUR;
    upstream.open();
    expect((await answered).errors).toBeUndefined();
    expect((await usageOf(gateway, first)).total).toMatchObject({ calls: 1, billed: 1, maybeBilled: 0 });
    expect((await usageOf(gateway, '(from: "2026-11-24T05:00:00Z")')).total.calls).toBe(0);
    expect(await database.query(COUNTS)).toEqual([{ kind: 'yes', calls: 1 }]);
  });

  it('is exported and compared with the invoice on any host', async () => {
    const gateway = await start();
    await gateway.query(DETAILS);
    await gateway.query(CARDS);
    await gateway.query('{ company(searchKey: "=1+1,\\"公司\\"") { hasEndCases } }');
    await usageOf(gateway);
    const lines = await linesOf(ledgerEnv(gateway), 'ledger', 'export', '--format', 'jsonl');
    const rows = lines.map((line) => JSON.parse(line));
    expect(rows.map(({ time }) => time)).toEqual(rows.map(({ time }) => time).sort());
    expect(rows.flatMap(({ orderNumber }) => orderNumber ?? []).sort()).toEqual(boughtAt(gateway));
    expect(rows.find(({ method }) => method === 'GetList')).toEqual({
      time: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T[\d:.]{12}Z$/),
      client: 'anonymous',
      operation: 'Risk',
      method: 'GetList',
      subject: '浙江省临海标准件工业公司 #1',
      status: '200',
      orderNumber: expect.any(String),
      billed: 'yes',
      price: '0.3',
      latencyMs: expect.any(Number),
    });
    expect(rows.find(({ status }) => status === null)).toMatchObject({ billed: 'maybe', price: null });
    expect((await ledger(gateway, {}, 'export')).output).toContain(`"'=1+1,""公司"" #1"`);
    expect(await linesOf(ledgerEnv(gateway), 'ledger', 'export', '--to', '2020-01-01')).toHaveLength(1);
    const billed = gateway.sandbox.statistics.log
      .filter(({ status }) => status !== null && status !== '117')
      .map(({ orderNumber }) => orderNumber);
    const [missing, ...invoiced] = billed;
    const invoice = join(temporaryFolder(), 'invoice.csv');
    writeFileSync(invoice, `OrderNumber\n${[...invoiced, UNKNOWN].join('\n')}\n`);
    const compared = await ledger(gateway, {}, 'reconcile', invoice);
    expect(compared.code).toBe(3);
    expect(compared.output).toContain(`invoice\t${UNKNOWN}\nledger\t${missing}\n`);
  });

  const testMove = async (env: Record<string, string>) => {
    const folder = temporaryFolder();
    const before = closeAfterTest(await startTestGateway({ folder, env: PRICES }));
    await before.query(DETAILS);
    await before.query(DETAILS);
    await before.query(CARDS);
    const usage = await usageOf(before);
    await before.stop();
    const after = await start({ folder, upstream: before.sandbox, env });
    expect(await usageOf(after)).toEqual(usage);
    expect(await recorded()).toEqual(boughtAt(before));
    expect(await database.query(ATTEMPTS)).toEqual([
      { kind: 'maybe', calls: 1 },
      { kind: 'no', calls: 1 },
      { kind: 'yes', calls: 5 },
    ]);
    await after.query('{ endCase(id: "case") { court } }');
    await after.stop();
    const again = await start({ folder, upstream: before.sandbox, env });
    expect((await usageOf(again)).total).toEqual({ ...usage.total, calls: 8, billed: 6, amount: '6.55' });
  };

  it('gets the whole ledger of a host that kept its own until now', () => testMove({}));

  itWithRedis('gets it from a host that gets a Redis at the same time', async () => {
    await testMove({ REDIS_URL: closeAfterTest(await startRedis()).url });
  });

  itWithRedis('gets the whole ledger that a Redis has kept until now', async () => {
    const redis = closeAfterTest(await startRedis());
    const env = { REDIS_URL: redis.url };
    const folder = temporaryFolder();
    const before = closeAfterTest(await startTestGateway({ folder, env: { ...PRICES, ...env } }));
    await before.query(DETAILS);
    await before.query(DETAILS);
    await before.query(CARDS);
    const usage = await usageOf(before);
    await before.stop();
    const { sandbox } = before;
    // An instance on another host has none of the rows in its spool.
    const one = await start({ upstream: sandbox, env });
    const other = await start({ upstream: sandbox, env });
    await waitUntil(async () => JSON.stringify(await usageOf(one)) === JSON.stringify(usage));
    await one.query(DETAILS);
    const total = { ...usage.total, cached: 8, saved: '8.1' };
    expect((await usageOf(one)).total).toEqual(total);
    await Promise.all([one.stop(), other.stop()]);
    const again = await start({ folder, upstream: sandbox, env });
    expect((await usageOf(again)).total).toEqual(total);
    expect(await recorded()).toEqual(boughtAt(before));
    expect(again.gateway.description).toContain('store: Redis, with a spool in');
  });

  it('waits in DATA_DIR while the server is away, and is complete once it is back', async () => {
    const own = closeAfterTest(await startPostgres());
    database = await own.createDatabase();
    const gateway = await start();
    await gateway.query('{ endCase(id: "case 1") { court } }');
    expect((await usageOf(gateway)).total.calls).toBe(1);
    expect(await readMetric(gateway.url, 'endcase_ledger_unshipped_rows')).toBe(0);
    await own.kill();
    await waitUntil(async () => (await ready(gateway)).ledger === 'degraded');
    expect(await ready(gateway)).toMatchObject({ status: 'degraded', store: 'ok' });
    const failed = await gateway.query('{ usage { total { calls } } }');
    expect([failed.data, failed.errors?.[0]?.extensions]).toEqual([
      { usage: null },
      { code: 'STORE_UNAVAILABLE', retryable: true },
    ]);
    const bought = await gateway.query(
      '{ a: endCase(id: "case 2") { court } b: endCase(id: "case 3") { court } }',
    );
    expect([bought.errors, bought.extensions.cost.billed]).toEqual([undefined, 2]);
    await gateway.query('{ endCase(id: "case 1") { court } }');
    expect(await readMetric(gateway.url, 'endcase_ledger_unshipped_rows')).toBe(2);
    expect(await readMetric(gateway.url, 'endcase_ledger_unshipped_age_seconds')).toBeGreaterThan(0);
    await own.restart();
    await waitUntil(async () => (await ready(gateway)).ledger === 'ok');
    expect((await usageOf(gateway)).total).toMatchObject({ calls: 3, billed: 3, cached: 1 });
    expect(await readMetric(gateway.url, 'endcase_ledger_unshipped_rows')).toBe(0);
    expect(await readMetric(gateway.url, 'endcase_ledger_unshipped_age_seconds')).toBe(0);
    expect(await recorded()).toEqual(boughtAt(gateway));
  });

  it('may be unreachable when the gateway starts, and refuses tables of a later version', async () => {
    const port = await freePort();
    const away = await start({ env: { LEDGER_URL: `postgres://u:secret@127.0.0.1:${port}/db` } });
    expect((await away.query('{ endCase(id: "case") { court } }')).errors).toBeUndefined();
    expect(await ready(away)).toMatchObject({ status: 'degraded', store: 'ok', ledger: 'degraded' });
    expect(away.gateway.description).toContain(
      `ledger: in PostgreSQL at 127.0.0.1:${port}/db, kept for 400 days · budgets: in the store`,
    );
    await away.stop();
    // What waited is shipped by the next process of this host.
    await database.query(
      'CREATE TABLE endcase_schema (version integer NOT NULL); INSERT INTO endcase_schema VALUES (7)',
    );
    const later = start({ folder: away.folder, upstream: away.sandbox });
    await expect(later).rejects.toThrow(
      'LEDGER_URL must name tables of version 1 or earlier, and these have version 7',
    );
    await database.query('DROP TABLE endcase_schema; CREATE TABLE endcase_ledger (a int)');
    await expect(start({ folder: away.folder, upstream: away.sandbox })).rejects.toThrow(
      'LEDGER_URL must name a schema in which no other program has tables named endcase_…',
    );
    await database.query('DROP TABLE endcase_ledger');
    const back = await start({ folder: away.folder, upstream: away.sandbox });
    expect((await usageOf(back)).total).toMatchObject({ calls: 1, billed: 1 });
  });

  it('needs no right to create tables that exist', async () => {
    const reader = 'reader';
    const { hostname, port, pathname } = new URL(database.url);
    const url = `postgres://${reader}@${hostname}:${port}${pathname}`;
    await database.query(`CREATE ROLE ${reader} LOGIN`);
    const gateway = await start({ env: { LEDGER_URL: url } });
    expect((await ready(gateway)).ledger).toBe('degraded');
    await start({ upstream: gateway.sandbox });
    const [grants = '', queries = ''] = statementsIn('docs/operations.md');
    await database.query(grants.replaceAll('TO gateway', `TO ${reader}`));
    await waitUntil(async () => (await ready(gateway)).ledger === 'ok');
    await gateway.query('{ endCase(id: "case") { court } }');
    expect((await usageOf(gateway)).total.calls).toBe(1);
    await database.query(`UPDATE endcase_ledger SET billed = 'maybe', started_at = now() - interval '1 day'`);
    await database.query(`UPDATE endcase_outboxes SET shipped_at = now() - interval '1 day'`);
    const results = await Promise.all(
      queries
        .split(';')
        .filter((text) => text.trim())
        .map((text) => database.query(text)),
    );
    expect(results.map(({ length }) => length)).toEqual([1, 0, 1, 1]);
  });

  it('keeps accounts apart, and makes its tables once though many start at once', async () => {
    const sandbox = closeAfterTest(await startSandbox());
    const gateways = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        start({ upstream: sandbox, env: { QCC_BASE_URL: `${sandbox.url}${index < 3 ? '' : '/'}` } }),
      ),
    );
    for (const gateway of gateways) expect((await ready(gateway)).ledger).toBe('ok');
    await Promise.all(
      gateways.map(({ query }, index) => query(`{ endCase(id: "case ${index}") { court } }`)),
    );
    for (const gateway of gateways) await usageOf(gateway);
    for (const gateway of gateways) expect((await usageOf(gateway)).total.calls).toBe(6);
    expect(await database.query('SELECT count(*)::int FROM endcase_accounts')).toEqual([{ count: 1 }]);
    const other = closeAfterTest(await startTestGateway({ env: { LEDGER_URL: database.url } }));
    await other.query('{ endCase(id: "case") { court } }');
    expect((await usageOf(other)).total.calls).toBe(1);
  });

  it('removes what is older than LEDGER_RETENTION, in pieces', async () => {
    const gateway = await start();
    await gateway.query(DETAILS);
    await usageOf(gateway);
    await database.query(`INSERT INTO endcase_ledger SELECT account_id, row_id || '-' || n, started_at, client, operation,
      method, subject, status, order_number, billed, price, latency_ms FROM endcase_ledger, generate_series(1, 3000) n`);
    await gateway.stop();
    const count = async (table: string) =>
      (await database.query(`SELECT count(*)::int FROM ${table}`))[0].count;
    expect(await count('endcase_ledger')).toBe(12_004);
    await start({
      folder: temporaryFolder(),
      upstream: gateway.sandbox,
      env: { LEDGER_RETENTION: '1h' },
      now: () => Date.now() + 3 * HOUR,
    });
    await waitUntil(async () => (await count('endcase_ledger')) + (await count('endcase_usage')) === 0);
  });

  it('counts a batch once, though the process ends before it knows that it was committed', async () => {
    const folder = temporaryFolder();
    const copy = temporaryFolder();
    const open = async (path: string) => {
      const local = new EmbeddedStore(path, 'n', 'outbox');
      const reports: string[] = [];
      const ledger = closeAfterTest(
        await openPostgresLedger(database.url, local, {
          ...{ account: 'a', now: Date.now, report: (message: string) => reports.push(message) },
        }),
      );
      return { ledger, outbox: local.outbox, reports };
    };
    const { ledger, outbox } = await open(folder);
    const avoid = (to: typeof outbox) => to.counters.add(usageGroup(9), new Map([[AVOIDED, 1]]), END_OF_TIME);
    await outbox.journal.append({ key: KEY, bytes: encodeRow(ROW) });
    await avoid(outbox);
    jest.spyOn(outbox, 'shipped').mockRejectedValueOnce(new Error('the process ends'));
    await expect(ledger.flush()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await avoid(outbox);
    await ledger.flush();
    const counted = async () => (await database.query(COUNTS)).map(({ kind, calls }) => `${kind} ${calls}`);
    expect(await counted()).toEqual(['cached 2', 'yes 1']);
    // An older version of a row, and batches that were shipped by the original, come from a copy of DATA_DIR.
    cpSync(folder, copy, { recursive: true });
    await avoid(outbox);
    await ledger.flush();
    const copied = await open(copy);
    await copied.outbox.journal.append({
      key: KEY,
      bytes: encodeRow({ ...ROW, billed: 'maybe', status: null }),
    });
    await avoid(copied.outbox);
    await waitUntil(async () => (await counted())[0] === 'cached 4');
    expect(await counted()).toEqual(['cached 4', 'yes 1']);
    expect(await rowsIn(copied.ledger.journal)).toEqual([ROW]);
    expect(copied.reports).toEqual(['PostgreSQL does not accept the ledger; it waits in DATA_DIR']);
  });

  it('stores what PostgreSQL has no text for, and leaves out what cannot be read', async () => {
    const store = new EmbeddedStore(temporaryFolder(), 'n', 'outbox');
    closeAfterTest(store);
    const reports: string[] = [];
    const ledger = await openPostgresLedger(database.url, store, {
      account: 'a',
      now: Date.now,
      report: (message) => reports.push(message),
    });
    const { journal, usage } = closeAfterTest(ledger);
    const row: LedgerRow = {
      ...{
        at: Date.now(),
        client: 'c'.repeat(5000),
        operation: '\ud800',
        method: 'GetList',
        subject: 'a\u0000b',
      },
      ...{ status: '2\u00000', orderNumber: 'N'.repeat(100_000), billed: 'yes', price: 'dear', latency: 0.4 },
    };
    await store.journal.append({ key: Ledger.newKey(row.at), bytes: encodeRow(row) });
    await store.journal.append({ key: Ledger.newKey(1), bytes: Buffer.from('{') });
    await store.journal.append({ key: Ledger.newKey(2), bytes: encodeRow({ ...row, at: 1e300 }) });
    await store.outbox.counters.add('usage 000000001', new Map([['{', 1]]), Number.MAX_SAFE_INTEGER);
    await ledger.flush();
    expect(journal.health()).toBe('ok');
    expect(ledger.backlog()).toEqual({ rows: 0, age: 0 });
    expect(await rowsIn(journal)).toMatchObject([
      {
        client: 'c'.repeat(200),
        operation: '\ufffd',
        subject: 'a\ufffdb',
        status: '2\ufffd0',
        price: null,
        latency: 0,
      },
    ]);
    expect(reports.map((text) => text.replace(/\d{15}\S+/, 'KEY'))).toEqual(
      Array(2).fill('row KEY of the ledger cannot be read and stays in DATA_DIR'),
    );
    const sums = new UsageSums('STATUS', () => undefined);
    await usage.addHours(0, hourOf(Date.now()) + 1, sums, new Cancellation());
    expect(sums.result().groups).toMatchObject([{ key: '2\ufffd0', billed: 1 }]);
    await expect(
      openPostgresLedger((await postgres.createDatabase(LATIN)).url, store, {
        ...{ account: 'a', now: Date.now, report: () => undefined },
      }),
    ).rejects.toThrow('LEDGER_URL must name a database with the encoding UTF8');
  });
});

async function rowsIn(journal: Journal): Promise<(LedgerRow | undefined)[]> {
  const rows: (LedgerRow | undefined)[] = [];
  for await (const { bytes } of journal.rows('', ':')) rows.push(decodeRow(bytes));
  return rows;
}
