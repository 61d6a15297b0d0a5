import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { open } from 'lmdb';
import { SANDBOX_CREDENTIALS } from '../../../src/sandbox/server.js';
import { closeAfterTest } from '../../support/cleanup.js';
import { jsonOf, startTestGateway, type TestGateway } from '../../support/gateway.js';
import { holdUpstream } from '../../support/held-upstream.js';
import { priceVariables } from '../../support/price-variables.js';
import { envFor, linesOf, runToEnd } from '../../support/process.js';
import { describeWithRedis, startRedis } from '../../support/redis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { waitUntil } from '../../support/wait-until.js';

const SAMPLE = '浙江省临海标准件工业公司';
const HOUR = 3_600_000;
/** 2026-11-24T12:00 in Shanghai. */
const NOON = Date.parse('2026-11-24T04:00:00Z');
const PRICES = priceVariables({ GetList: '0.3', GetDetail: '1.25' });

let gateway: TestGateway;
let folder: string;
beforeEach(async () => {
  folder = temporaryFolder();
  gateway = closeAfterTest(await startTestGateway({ folder, env: PRICES }));
});

const DETAILS = `query Risk { company(searchKey: "${SAMPLE}") { endCases(first: 3) { nodes { detail { certificateNo } } } } }`;
const CARDS = `{ a: endCase(id: "sandbox:status:208") { court } b: endCase(id: "sandbox:reset") { court } c: endCase(id: "sandbox:status:117") { court } }`;
const ROWS = 'key calls billed maybeBilled cached shared elided amount saved';
const usage = async (args = '') => {
  const { data, errors } = await gateway.query(`{ usage${args} { total { ${ROWS} } groups { ${ROWS} } } }`);
  expect(errors).toBeUndefined();
  return data.usage;
};
const ledger = (...args: string[]) => runToEnd(envFor(gateway.sandbox, folder), 'ledger', ...args);
/** The lines of an export. */
const exported = (...args: string[]) => linesOf(envFor(gateway.sandbox, folder), 'ledger', 'export', ...args);
const orderNumbers = () =>
  gateway.sandbox.statistics.log
    .flatMap(({ orderNumber }) => (orderNumber === null ? [] : [orderNumber]))
    .sort();

describe('usage', () => {
  it('adds up spending and savings exactly', async () => {
    await gateway.query(DETAILS);
    await gateway.query(DETAILS);
    await gateway.query(DETAILS.replace('certificateNo', 'court'));
    await gateway.query(CARDS);
    const { total, groups } = await usage();
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
    const { billed, maybeBilled, calls } = gateway.sandbox.statistics.total;
    expect([total.calls, total.billed, total.maybeBilled]).toEqual([calls, billed, maybeBilled]);
  });

  it.each([
    ['METHOD', ['GetDetail', 'GetList']],
    ['OPERATION', ['(none)', 'Risk']],
    ['CLIENT', ['anonymous']],
    ['STATUS', ['(none)', '117', '200', '208']],
  ])('is grouped by %s', async (by, keys) => {
    await gateway.query(DETAILS);
    await gateway.query(DETAILS);
    await gateway.query(CARDS);
    const { total, groups } = await usage(`(groupBy: ${by})`);
    expect(groups.map(({ key }: { key: string }) => key)).toEqual(keys);
    for (const count of ['calls', 'billed', 'maybeBilled', 'cached'] as const) {
      const sum = groups.reduce(
        (left: number, group: Record<string, number>) => left + (group[count] ?? 0),
        0,
      );
      expect(sum).toBe(total[count]);
    }
  });

  it('covers the hours that the period in its arguments touches', async () => {
    let time = NOON;
    gateway = closeAfterTest(await startTestGateway({ env: PRICES, now: () => time }));
    await gateway.query(DETAILS);
    time += HOUR;
    await gateway.query(DETAILS);
    const hours = async (from: number, to: number) => {
      const [start, end] = [from, to].map((minutes) => new Date(NOON + minutes * 60_000).toISOString());
      const { calls, cached } = (await usage(`(from: "${start}", to: "${end}")`)).total;
      return { calls, cached };
    };
    expect(await hours(59, 61)).toEqual({ calls: 4, cached: 4 });
    expect(await hours(0, 60)).toEqual({ calls: 4, cached: 0 });
    expect(await hours(60, 120)).toEqual({ calls: 0, cached: 4 });
    expect(await hours(-1, 0)).toEqual({ calls: 0, cached: 0 });
    const { errors } = await gateway.query(
      '{ usage(from: "2026-11-24T05:00:00Z", to: "2026-11-24T04:00:00Z") { total { calls } } }',
    );
    expect(errors?.[0]?.message).toMatch(/from must not be after to/);
  });

  it('counts an attempt in the hour in which it began, though it is settled in the next', async () => {
    let time = NOON + HOUR - 1;
    const upstream = closeAfterTest(await holdUpstream(gateway.sandbox));
    const env = { ...PRICES, QCC_BASE_URL: upstream.url };
    gateway = closeAfterTest(await startTestGateway({ upstream: gateway.sandbox, env, now: () => time }));
    const answered = gateway.query('{ endCase(id: "case") { court } }');
    await waitUntil(() => upstream.held === 1);
    const first = '(from: "2026-11-24T04:00:00Z", to: "2026-11-24T05:00:00Z")';
    expect((await usage(first)).total).toMatchObject({ calls: 1, billed: 0, maybeBilled: 1, amount: '0' });
    time += HOUR;
    upstream.open();
    expect((await answered).errors).toBeUndefined();
    expect((await usage(first)).total).toMatchObject({ calls: 1, billed: 1, maybeBilled: 0, amount: '1.25' });
    expect((await usage('(from: "2026-11-24T05:00:00Z")')).total.calls).toBe(0);
  });

  it('keeps the prices of its time', async () => {
    await gateway.query(DETAILS);
    await gateway.query(DETAILS);
    await gateway.stop();
    const env = priceVariables({ GetList: '100', GetDetail: '1000' });
    const { sandbox } = gateway;
    gateway = closeAfterTest(await startTestGateway({ folder, upstream: sandbox, env }));
    expect((await usage()).total).toMatchObject({ amount: '4.05', saved: '4.05' });
    await gateway.query(DETAILS);
    expect((await usage()).total).toMatchObject({ amount: '4.05', saved: '3104.05' });
  });

  it('counts once the rows of versions that did not count by the hour', async () => {
    await gateway.stop();
    const { sandbox } = gateway;
    const account = createHash('sha256').update(SANDBOX_CREDENTIALS.key).digest('hex').slice(0, 16);
    const at = Date.now();
    const before = {
      ...{ at, client: 'old', operation: null, method: 'GetList', subject: 'x #1', status: '200' },
      ...{ orderNumber: 'N1', billed: 'yes', price: '0.2', latency: 5 },
    };
    const lmdb = open({ path: join(folder, 'store'), maxDbs: 8 });
    const rows = lmdb.openDB<Buffer, string>({ name: 'journal', encoding: 'binary' });
    const put = (index: number, text: string) =>
      rows.put(
        `endcase ${sandbox.url} ${account} ${String(at).padStart(15, '0')}-${index}`,
        Buffer.from(text),
      );
    for (let index = 0; index < 1200; index++) await put(index, JSON.stringify(before));
    await put(1200, 'not a row');
    await lmdb.close();
    for (let restarts = 0; restarts < 2; restarts++) {
      gateway = closeAfterTest(await startTestGateway({ folder, upstream: sandbox, env: PRICES }));
      await waitUntil(async () => (await usage()).total.calls === 1200, 'all old rows are counted');
      expect((await usage('(groupBy: CLIENT)')).groups).toMatchObject([
        { key: 'old', calls: 1200, billed: 1200, amount: '240' },
      ]);
      await gateway.stop();
    }
  });
});

describeWithRedis('usage of two instances on one Redis', () => {
  it('is complete after each answer, and fails while Redis is lost', async () => {
    const redis = closeAfterTest(await startRedis());
    const { sandbox } = gateway;
    const env = { ...PRICES, REDIS_URL: redis.url };
    const other = closeAfterTest(await startTestGateway({ upstream: sandbox, env }));
    gateway = closeAfterTest(await startTestGateway({ upstream: sandbox, env }));
    for (let calls = 1; calls <= 20; calls++) {
      const asked = calls % 2 ? gateway : other;
      await asked.query(`{ endCase(id: "case ${calls}") { court } }`);
      expect((await usage()).total).toMatchObject({ calls, billed: calls, maybeBilled: 0 });
    }
    await redis.kill();
    const { data, errors } = await gateway.query('{ usage { total { calls } } }');
    expect([data, errors?.[0]?.extensions]).toEqual([
      { usage: null },
      { code: 'STORE_UNAVAILABLE', retryable: true },
    ]);
    const ledger = async () => (await jsonOf(await fetch(new URL('/readyz', gateway.url)))).ledger;
    expect(await ledger()).toBe('degraded');
    // The spool records what is bought meanwhile.
    await gateway.query('{ endCase(id: "case 21") { court } }');
    await redis.restart();
    // Redis is empty. Each instance sends the rows that it has written.
    for (const { url } of [gateway, other]) {
      await waitUntil(async () => (await jsonOf(await fetch(new URL('/readyz', url)))).store === 'ok');
    }
    const back = await gateway.query('{ usage { total { calls billed amount } } }');
    expect(back.data.usage.total).toEqual({ calls: 21, billed: 21, amount: '26.25' });
    await waitUntil(async () => (await ledger()) === 'ok', 'Redis has all rows');
  });
});

describe('the ledger', () => {
  it('has a row for every attempt, and exports them as CSV and as JSON lines', async () => {
    await gateway.query(DETAILS);
    await gateway.query(CARDS);
    const lines = await exported();
    // The byte order mark shows Excel that the file is UTF-8.
    expect(lines[0]).toBe(
      '\ufefftime,client,operation,method,subject,status,orderNumber,billed,price,latencyMs',
    );
    expect(lines).toHaveLength(8);
    const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
    const rows = (await exported('--from', today, '--to', today, '--format', 'jsonl')).map((line) =>
      JSON.parse(line),
    );
    expect(rows).toHaveLength(7);
    const numbers = rows.flatMap(({ orderNumber }) => (orderNumber === null ? [] : [orderNumber]));
    expect(numbers.sort()).toEqual(orderNumbers());
    expect(rows.find(({ method }) => method === 'GetList')).toMatchObject({
      client: 'anonymous',
      operation: 'Risk',
      subject: `${SAMPLE} #1`,
      status: '200',
      billed: 'yes',
      price: '0.3',
    });
    const byStatus = (status: string | null) => rows.find((row) => row.status === status);
    expect(byStatus('117')).toMatchObject({ billed: 'no', price: '0' });
    expect(byStatus(null)).toMatchObject({ billed: 'maybe', price: null, orderNumber: null });
    expect(await exported('--to', '2020-01-01')).toHaveLength(1);
    expect((await ledger('export')).output).toMatch(/^Ledger of account [\da-f]{16} .* Rows read: 7$/m);
  });

  it('exports a search key so that no spreadsheet runs it as a formula', async () => {
    await gateway.query('{ company(searchKey: "=1+1,\\"公司\\"") { hasEndCases } }');
    expect((await ledger('export')).output).toContain(`"'=1+1,""公司"" #1"`);
  });

  it('is compared with an invoice by order numbers', async () => {
    await gateway.query(DETAILS);
    await gateway.query(CARDS);
    const { log } = gateway.sandbox.statistics;
    const numberOf = (status: string) => log.find((call) => call.status === status)?.orderNumber;
    const [missing, repeated, ...others] = log.flatMap(({ status, orderNumber }) =>
      status === '200' && orderNumber !== null ? [orderNumber] : [],
    );
    const invoice = join(folder, 'invoice.csv');
    const unknown = 'ENDEXECUTECASECHECK2026112412000000000001';
    const invoiced = [repeated, ...others, numberOf('208'), repeated, numberOf('117'), unknown];
    const rows = invoiced.map((number) => `2026-11-24,="${number}",0.3`);
    writeFileSync(
      invoice,
      `\ufeff日期,Order Number,金额\n${rows.join('\n')}\n合计,,${invoiced.length * 0.3}\n`,
    );
    const { code, output } = await ledger('reconcile', invoice);
    expect(code).toBe(3);
    const lines = output.split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        `invoice\t${unknown}`,
        `ledger\t${missing}`,
        `repeated\t${repeated}\t2`,
        `not-billable\t${numberOf('117')}`,
        '3 order numbers on both sides, 1 on the invoice only, 1 in the ledger only, 1 invoiced more than once, 1 invoiced though not billable',
        'Calls that may have been billed (maybe), and that the invoice does not have by their number: 1',
      ]),
    );
    expect(lines.filter((line) => line.includes('\t'))).toHaveLength(4);
    expect(output).toMatch(/^Invoice: 2.1 yuan. Ledger: \S+ yuan$/m);
  });

  it('agrees with an invoice of the same calls and amounts, and differs from one of other amounts', async () => {
    await gateway.query(DETAILS);
    const invoice = join(folder, 'invoice.txt');
    const write = (priceOfList: string) => {
      const rows = gateway.sandbox.statistics.log.map(
        ({ method, orderNumber }) => `'${orderNumber}\t${method === 'GetList' ? priceOfList : '1.25'}`,
      );
      writeFileSync(invoice, Buffer.from(`\ufeff订单号\t金额(元)\r\n${rows.join('\r\n')}`, 'utf16le'));
    };
    write('¥0.30');
    const same = await ledger('reconcile', invoice);
    expect([same.code, same.output]).toEqual([
      0,
      expect.stringContaining('Invoice: 4.05 yuan. Ledger: 4.05 yuan\n'),
    ]);
    expect(same.output).toContain(
      '4 order numbers on both sides, 0 on the invoice only, 0 in the ledger only',
    );
    write('¥0.31');
    const dearer = await ledger('reconcile', invoice);
    expect([dearer.code, dearer.output]).toEqual([3, expect.stringContaining('Invoice: 4.06 yuan.')]);
  });

  it('is compared by number alone where it has no prices', async () => {
    const unpriced = closeAfterTest(await startTestGateway({ folder, upstream: gateway.sandbox }));
    await unpriced.query('{ company(searchKey: "sandbox:rows:3") { hasEndCases } }');
    const invoice = join(folder, 'invoice.csv');
    writeFileSync(invoice, `订单号,金额\n${orderNumbers()[0]},9\n`);
    const { code, output } = await ledger('reconcile', invoice);
    expect([code, output]).toEqual([
      0,
      expect.stringContaining(
        'Ledger: 0 yuan; not compared, because the ledger has no price for some calls: 1',
      ),
    ]);
  });

  it('drops rows older than LEDGER_RETENTION', async () => {
    await gateway.query(DETAILS);
    await gateway.stop();
    closeAfterTest(
      await startTestGateway({
        folder,
        upstream: gateway.sandbox,
        env: { LEDGER_RETENTION: '1h' },
        now: () => Date.now() + 2 * 3_600_000,
      }),
    );
    await waitUntil(async () => (await exported()).length === 1, 'only the header is left');
  });
});
