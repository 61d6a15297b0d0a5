import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, runToEnd } from '../support/process.js';

const NUMBER = 'ENDEXECUTECASECHECK2026112412000000000001';

let folder: string;
let invoice: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'endcase-'));
  invoice = join(folder, 'invoice.csv');
});
afterEach(() => rmSync(folder, { recursive: true }));

const ledger = (...args: string[]) => runToEnd({ DATA_DIR: join(folder, 'data') }, 'ledger', ...args);

describe('the command ledger', () => {
  it('exports an empty ledger', async () => {
    const csv = await ledger('export', '--from', '2026-11-24', '--to', '2026-11-24');
    expect([csv.code, csv.output]).toEqual([0, expect.stringMatching(/^\ufefftime,client,.*latencyMs$/m)]);
    const jsonl = await ledger('export', '--format', 'jsonl');
    expect([jsonl.code, jsonl.output]).toEqual([0, expect.not.stringContaining('{')]);
  });

  it('says which ledger it read, without the key, and makes no folder', async () => {
    const key = 'a-key-that-nobody-has';
    const dataDir = join(folder, 'data');
    const env = { DATA_DIR: dataDir, QCC_KEY: key, QCC_SECRET_KEY: 'a-secret' };
    const { code, output } = await runToEnd(env, 'ledger', 'export', '--format', 'jsonl');
    const digest = createHash('sha256').update(key).digest('hex').slice(0, 16);
    expect([code, output]).toEqual([
      0,
      `Ledger of account ${digest} (a digest of QCC_KEY) at https://pro.qcc.com/api/yj, in ${dataDir}/store, where no gateway has stored anything yet. Rows read: 0\n`,
    ]);
    expect(existsSync(dataDir)).toBe(false);
  });

  it('warns where it reads the ledger of the sandbox', async () => {
    expect((await ledger('export')).output).toContain(
      'Warning: QCC_KEY is not set, so this is the ledger of the sandbox',
    );
  });

  it('names REDIS_URL if Redis cannot be reached, and makes no folder for it', async () => {
    const dataDir = join(folder, 'data');
    const env = { DATA_DIR: dataDir, REDIS_URL: 'redis://127.0.0.1:1' };
    const { code, output } = await runToEnd(env, 'ledger', 'export');
    expect([code, output]).toEqual([
      1,
      expect.stringContaining('endcase-gateway: REDIS_URL must be the URL of a Redis that can be reached\n'),
    ]);
    expect(existsSync(dataDir)).toBe(false);
  });

  it('explains a damaged store, which would end the process without a word, and leaves it as it is', async () => {
    const store = join(folder, 'data', 'sandbox', 'store');
    const damaged = Buffer.alloc(20_000, 'damage');
    mkdirSync(store, { recursive: true });
    writeFileSync(join(store, 'data.mdb'), damaged);
    const { code, output } = await ledger('export');
    expect([code, output]).toEqual([
      1,
      expect.stringContaining(
        `DATA_DIR must hold a store that this user can read: the file in ${store} is damaged`,
      ),
    ]);
    expect(readFileSync(join(store, 'data.mdb'))).toEqual(damaged);
  });

  it('agrees with an invoice without calls', async () => {
    writeFileSync(invoice, '订单号,金额\n');
    const { code, output } = await ledger('reconcile', invoice);
    expect([code, output]).toEqual([0, expect.stringContaining('The invoice has no calls.\n')]);
  });

  it('exits with 3 and names the cells if some cannot be read', async () => {
    writeFileSync(invoice, `订单号,金额\n${'x'.repeat(100)}.,1.2\n`);
    const { code, output } = await ledger('reconcile', invoice);
    expect(code).toBe(3);
    expect(output).toContain(`Line 2: the cell in column 订单号 cannot be read: "${'x'.repeat(40)}…"\n`);
  });

  it('exits with 3 if the invoice and the ledger differ', async () => {
    writeFileSync(invoice, `OrderNumber\n${NUMBER}\n`);
    const { code, output } = await ledger('reconcile', invoice);
    expect([code, output]).toEqual([3, expect.stringContaining(`invoice\t${NUMBER}\n`)]);
    expect(output).toContain('0 order numbers on both sides, 1 on the invoice only, 0 in the ledger only');
  });

  it.each([
    ['a missing file', () => undefined, 'must be a readable file: ENOENT'],
    ['a directory', () => mkdirSync(invoice), 'must be a file, and is a directory'],
    [
      'a file that is not CSV',
      () => writeFileSync(invoice, 'OrderNumber\n"a\n'),
      expect.stringMatching(/^must be a CSV file: /),
    ],
  ])('explains %s in one line', async (_, prepare, message) => {
    prepare();
    const { code, output } = await ledger('reconcile', invoice);
    const [line = '', ...more] = output.split('\n');
    expect([code, more]).toEqual([1, ['']]);
    const prefix = `endcase-gateway: ${invoice} `;
    expect([line.slice(0, prefix.length), line.slice(prefix.length)]).toEqual([prefix, message]);
  });

  it('lists every fault of the configuration', async () => {
    const { code, output } = await runToEnd({ PORT: 'x', QCC_KEY: 'k' }, 'ledger', 'export');
    expect([code, output.match(/^endcase-gateway: \w+ must/gm)]).toEqual([
      1,
      ['endcase-gateway: PORT must', 'endcase-gateway: QCC_SECRET_KEY must'],
    ]);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('exits at once on %s', async (signal, code) => {
    // A Redis that accepts connections and never answers keeps the command waiting.
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const running = run(
      { DATA_DIR: join(folder, 'data'), REDIS_URL: `redis://127.0.0.1:${port}` },
      'ledger',
      'export',
    );
    const exit = once(running.child, 'exit');
    const [connection] = await once(silent, 'connection');
    running.child.kill(signal);
    expect(await exit).toEqual([code, null]);
    expect(running.output()).toMatch(/^Warning: [^\n]+\n$/);
    connection.destroy();
    silent.close();
  });
});
