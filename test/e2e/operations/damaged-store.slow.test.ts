import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSandbox } from '../../../src/sandbox/server.js';
import { closeAfterTest } from '../../support/cleanup.js';
import { startTestGateway } from '../../support/gateway.js';
import { ask, envFor, run, stop, urlIn } from '../../support/process.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const DETAILS =
  '{ company(searchKey: "sandbox:rows:40") { endCases(first: 20) { nodes { id detail { certificateNo } } } } }';

/** A sandbox, and a `DATA_DIR` in which a gateway has stored 21 answers. */
async function storedAnswers() {
  const sandbox = closeAfterTest(await startSandbox());
  const folder = temporaryFolder();
  const gateway = await startTestGateway({ folder, upstream: sandbox });
  expect((await gateway.query(DETAILS)).extensions.cost.billed).toBe(21);
  await gateway.stop();
  return { sandbox, folder };
}

describe('a damaged store', () => {
  const damages: [string, (file: string) => void][] = [
    ['overwritten', (file) => writeFileSync(file, Buffer.alloc(readFileSync(file).length, 'A'))],
    ['cut off', (file) => truncateSync(file, Math.floor(readFileSync(file).length / 3))],
    [
      'overwritten in its middle',
      (file) => {
        const bytes = readFileSync(file);
        bytes.fill('A', 3 * 4096, bytes.length - 4096);
        writeFileSync(file, bytes);
      },
    ],
    ['emptied', (file) => truncateSync(file, 0)],
  ];

  it.each(damages)('that was %s is moved aside, and the gateway serves', async (name, damage) => {
    const { sandbox, folder } = await storedAnswers();
    damage(join(folder, 'store', 'data.mdb'));
    const after = run(envFor(sandbox, folder));
    const url = await urlIn(after);
    expect((await ask(url, DETAILS)).errors).toBeUndefined();
    const bought = sandbox.statistics.total.calls;
    expect((await ask(url, DETAILS)).extensions.cost.billed).toBe(0);
    expect(sandbox.statistics.total.calls).toBe(bought);
    expect(await stop(after)).toBe(0);
    const aside = readdirSync(folder).filter((entry) => entry.startsWith('store.damaged-'));
    expect(aside).toHaveLength(name === 'emptied' ? 0 : 1);
    if (name !== 'emptied') expect(after.output()).toContain('was damaged');
  });

  it('that is sound stays where it is', async () => {
    const { sandbox, folder } = await storedAnswers();
    const running = run(envFor(sandbox, folder));
    expect((await ask(await urlIn(running), DETAILS)).extensions.cost.billed).toBe(0);
    expect(await stop(running)).toBe(0);
    expect(readdirSync(folder)).toEqual(['store']);
  });
});
