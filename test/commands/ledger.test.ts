import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
    expect([csv.code, csv.output]).toEqual([0, expect.stringMatching(/^time,client,[^\n]+\n$/)]);
    expect(await ledger('export', '--format', 'jsonl')).toEqual({ code: 0, output: '' });
  });

  it('exits with 3 if the invoice and the ledger differ', async () => {
    writeFileSync(invoice, `OrderNumber\n${NUMBER}\n`);
    const { code, output } = await ledger('reconcile', invoice);
    expect([code, output]).toEqual([3, expect.stringContaining(`invoice\t${NUMBER}\n`)]);
    expect(output).toContain('0 order numbers on both sides, 1 on the invoice only, 0 in the ledger only');
  });

  it.each([
    ['a missing file', () => undefined, 'must be a file that can be read: ENOENT'],
    ['a directory', () => mkdirSync(invoice), 'must be a file, and is a directory'],
    [
      'a file that is not CSV',
      () => writeFileSync(invoice, 'OrderNumber\n"a" b\n'),
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
    expect(running.output()).toBe('');
    connection.destroy();
    silent.close();
  });
});
