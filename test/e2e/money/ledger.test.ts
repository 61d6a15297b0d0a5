import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestGateway, type TestGateway } from '../../support/gateway.js';
import { envFor, runToEnd } from '../../support/process.js';
import { until } from '../../support/until.js';

const SAMPLE = '浙江省临海标准件工业公司';
const PRICES = { QCC_PRICE_GETLIST: '0.3', QCC_PRICE_GETDETAIL: '1.25' };

let setup: TestGateway;
let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'endcase-ledger-'));
  setup = await startTestGateway({ folder, env: PRICES });
});
afterEach(async () => {
  await setup.close();
  rmSync(folder, { recursive: true });
});

const DETAILS = `query Risk { company(searchKey: "${SAMPLE}") { endCases(first: 3) { nodes { detail { certificateNo } } } } }`;
const CARDS = `{ a: endCase(id: "sandbox:status:208") { court } b: endCase(id: "sandbox:reset") { court } c: endCase(id: "sandbox:status:117") { court } }`;
const ROWS = 'key calls billed maybeBilled cached shared elided amount saved';
const usage = async (args = '') => {
  const { data, errors } = await setup.query(`{ usage${args} { total { ${ROWS} } groups { ${ROWS} } } }`);
  expect(errors).toBeUndefined();
  return data.usage;
};
const ledger = (...args: string[]) => runToEnd(envFor(setup.sandbox, folder), 'ledger', ...args);
const orderNumbers = () =>
  setup.sandbox.statistics.log
    .flatMap(({ orderNumber }) => (orderNumber === null ? [] : [orderNumber]))
    .sort();

describe('usage', () => {
  it('adds up what was spent and what was saved, exactly', async () => {
    await setup.query(DETAILS);
    await setup.query(DETAILS);
    await setup.query(DETAILS.replace('certificateNo', 'court'));
    await setup.query(CARDS);
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
    const { billed, maybeBilled, calls } = setup.sandbox.statistics.total;
    expect([total.calls, total.billed, total.maybeBilled]).toEqual([calls, billed, maybeBilled]);
  });

  it.each([
    ['METHOD', ['GetDetail', 'GetList']],
    ['OPERATION', ['(none)', 'Risk']],
    ['CLIENT', ['anonymous']],
    ['STATUS', ['(none)', '117', '200', '208']],
  ])('is told apart by %s', async (by, keys) => {
    await setup.query(DETAILS);
    await setup.query(DETAILS);
    await setup.query(CARDS);
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

  it('is of the period asked for', async () => {
    const before = new Date().toISOString();
    await setup.query(DETAILS);
    const after = new Date(Date.now() + 1).toISOString();
    expect((await usage(`(from: "${before}", to: "${after}")`)).total.calls).toBe(4);
    expect((await usage(`(from: "${after}")`)).total.calls).toBe(0);
    expect((await usage(`(to: "${before}")`)).total.calls).toBe(0);
    const { errors } = await setup.query(`{ usage(from: "${after}", to: "${before}") { total { calls } } }`);
    expect(errors?.[0]?.message).toMatch(/from is after to/);
  });
});

describe('the ledger', () => {
  it('has a row for every attempt, streamed as CSV and as JSON lines', async () => {
    await setup.query(DETAILS);
    await setup.query(CARDS);
    const csv = await ledger('export');
    expect(csv.code).toBe(0);
    const lines = csv.output.trim().split('\n');
    expect(lines[0]).toBe('time,client,operation,method,subject,status,orderNumber,billed,price,latencyMs');
    expect(lines).toHaveLength(8);
    const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
    const { output } = await ledger('export', '--from', today, '--to', today, '--format', 'jsonl');
    const rows = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
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
    expect((await ledger('export', '--to', '2020-01-01')).output.trim().split('\n')).toHaveLength(1);
  });

  it('lets no spreadsheet take a search key for a formula', async () => {
    await setup.query('{ company(searchKey: "=1+1,\\"公司\\"") { hasEndCases } }');
    expect((await ledger('export')).output).toContain(`"'=1+1,""公司"" #1"`);
  });

  it('is laid beside the invoice, number by number', async () => {
    await setup.query(DETAILS);
    await setup.query(CARDS);
    const billed = setup.sandbox.statistics.log
      .filter(({ status }) => status !== null && status !== '117')
      .map(({ orderNumber }) => orderNumber);
    const [missing, ...invoiced] = billed;
    const invoice = join(folder, 'invoice.csv');
    const strange = 'ENDEXECUTECASECHECK2026112412000000000001';
    writeFileSync(
      invoice,
      `\ufeff日期,Order Number,金额\n${[...invoiced, strange].map((number) => `2026-11-24,${number},0.3`).join('\n')}\n`,
    );
    const { code, output } = await ledger('reconcile', invoice);
    expect(code).toBe(3);
    expect(output).toContain(`invoice\t${strange}\n`);
    expect(output).toContain(`ledger\t${missing}\n`);
    expect(output).toContain('4 order numbers on both sides, 1 on the invoice only, 1 in the ledger only');
    writeFileSync(invoice, 'a,b\n1,2\n');
    const empty = await ledger('reconcile', invoice);
    expect([empty.code, empty.output]).toEqual([1, expect.stringContaining('holds no order numbers')]);
  });

  it('forgets what is older than it is to keep', async () => {
    await setup.query(DETAILS);
    await setup.gateway.close();
    const again = await startTestGateway({
      folder,
      upstream: setup.sandbox,
      env: { LEDGER_RETENTION: '1h' },
      now: () => Date.now() + 2 * 3_600_000,
    });
    const lines = async () => (await ledger('export')).output.trim().split('\n').length;
    await until(async () => (await lines()) === 1);
    await again.close();
  });
});
