import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { closeAfterTest } from '../../support/cleanup.js';
import { startTestGateway } from '../../support/gateway.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const ROOT = join(__dirname, '..', '..', '..');
const PAGE = readFileSync(join(ROOT, 'docs', 'backup.md'), 'utf8');
const DETAILS =
  '{ company(searchKey: "sandbox:rows:40") { endCases(first: 20) { nodes { id detail { certificateNo } } } } }';
const rows = (count: number) => `{ company(searchKey: "sandbox:rows:${count}") { hasEndCases } }`;

it('a backup of a running gateway restores its answers, budgets and ledger, and nothing is bought twice', async () => {
  const env = { BUDGET_PER_DAY: '100' };
  const gateway = closeAfterTest(await startTestGateway({ env }));
  expect((await gateway.query(DETAILS)).extensions.cost.billed).toBe(21);

  // The commands of the page, while the gateway buys.
  const target = temporaryFolder();
  const [, commands = ''] = /```sh\n(.*?)```/s.exec(PAGE) ?? [];
  const script = commands
    .replace('DATA_DIR=./data', `DATA_DIR='${gateway.folder}'`)
    .replaceAll('$PWD/backup', target);
  expect(script).not.toBe(commands);
  const purchases = Array.from({ length: 20 }, (_, index) => gateway.query(rows(100 + index)));
  const { stderr } = await promisify(execFile)('sh', ['-ec', script], { cwd: ROOT });
  expect(stderr).toBe('');
  await Promise.all(purchases);

  const folder = temporaryFolder();
  mkdirSync(join(folder, 'store'));
  copyFileSync(join(target, 'data.mdb'), join(folder, 'store', 'data.mdb'));
  const restored = closeAfterTest(await startTestGateway({ env, folder, upstream: gateway.sandbox }));
  const { data, errors, extensions } = await restored.query(DETAILS);
  expect(errors).toBeUndefined();
  expect(data.company.endCases.nodes).toHaveLength(20);
  expect(extensions.cost).toMatchObject({ billed: 0, cached: 21 });
  const { data: usage } = await restored.query('{ usage { total { billed } } }');
  expect(usage.usage.total.billed).toBeGreaterThanOrEqual(21);
});
