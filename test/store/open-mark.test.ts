import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedStore } from '../../src/store/embedded/embedded-store.js';
import { markSound, needsCheck } from '../../src/store/embedded/recovery/open-mark.js';
import { cleanUp } from '../support/cleanup.js';
import { bytes, later, rowsOf } from '../support/stores.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { waitUntil } from '../support/wait-until.js';

const DIST = join(__dirname, '..', '..', 'dist', 'store');

/** A process of its own that writes to a store without a pause, until it is killed. It closes the store on SIGTERM. */
async function writeInOtherProcess(folder: string): Promise<ChildProcess> {
  const script = `import { EmbeddedStore } from '${DIST}/embedded/embedded-store.js';
    const store = new EmbeddedStore('${folder}', 'n');
    let isOpen = true;
    process.on('SIGTERM', () => { isOpen = false; });
    for (let index = 0; isOpen; index += 1) {
      const key = process.pid + ' ' + index;
      await Promise.all([
        store.journal.append({ key, bytes: Buffer.from('row') }),
        store.entries.put(key, Buffer.from('x'.repeat(3000)), Date.now() + 60_000),
      ]);
      if (index === 20) console.log('written');
    }
    await store.close();`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  cleanUp(() => {
    child.kill('SIGKILL');
    return exit;
  });
  await Promise.race([
    once(child.stdout, 'data'),
    exit.then(() => Promise.reject(new Error('the process ended before it had written'))),
  ]);
  return child;
}

/** Ends a process that is still running. */
async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const exit = once(child, 'exit');
  expect(child.kill(signal)).toBe(true);
  await exit;
}

/** A folder with a store that was written and closed. */
async function closedStore(): Promise<string> {
  const folder = temporaryFolder();
  const store = new EmbeddedStore(folder, 'n');
  await store.entries.put('a', bytes('x'), later());
  await store.close();
  return folder;
}

async function reopen(folder: string): Promise<void> {
  await new EmbeddedStore(folder, 'n').close();
}

describe('a store needs no check', () => {
  it('before its first use', () => {
    expect(needsCheck(join(temporaryFolder(), 'store'))).toBe(false);
  });

  it('after it was closed, however often', async () => {
    const folder = await closedStore();
    expect(needsCheck(folder)).toBe(false);
    await reopen(folder);
    expect(needsCheck(folder)).toBe(false);
    expect(readdirSync(folder).sort()).toEqual(['closed', 'data.mdb', 'lock.mdb']);
  });

  it('after several processes have closed it in the same moment', async () => {
    for (let times = 0; times < 4; times += 1) {
      const folder = await closedStore();
      const children = await Promise.all([1, 2, 3].map(() => writeInOtherProcess(folder)));
      await Promise.all(children.map((child) => end(child, 'SIGTERM')));
      expect([readdirSync(folder).sort(), needsCheck(folder)]).toEqual([
        ['closed', 'data.mdb', 'lock.mdb'],
        false,
      ]);
    }
  });

  it('while another process uses it, even if a third one was killed', async () => {
    const folder = await closedStore();
    const [killed, living] = await Promise.all([writeInOtherProcess(folder), writeInOtherProcess(folder)]);
    await end(killed, 'SIGKILL');
    expect(needsCheck(folder)).toBe(false);
    await reopen(folder);
    expect(needsCheck(folder)).toBe(false);
    await end(living, 'SIGTERM');
  });
});

describe('a store needs a check', () => {
  it('after its process was killed, until it has been checked', async () => {
    const folder = await closedStore();
    await end(await writeInOtherProcess(folder), 'SIGKILL');
    expect(needsCheck(folder)).toBe(true);
    // A command that does not check it, as `ledger export`, does not change that.
    await reopen(folder);
    expect(needsCheck(folder)).toBe(true);
    markSound(folder);
    expect(needsCheck(folder)).toBe(false);
    await reopen(folder);
    expect(needsCheck(folder)).toBe(false);
  });

  it('after one of two processes was killed and the other one has closed it', async () => {
    const folder = await closedStore();
    const [killed, other] = await Promise.all([writeInOtherProcess(folder), writeInOtherProcess(folder)]);
    await end(killed, 'SIGKILL');
    await end(other, 'SIGTERM');
    expect(needsCheck(folder)).toBe(true);
  });

  it('after another boot, as after a power loss', async () => {
    const folder = await closedStore();
    const lost = JSON.stringify({ process: 'another-boot pid:[1] 7 7', isSound: true });
    writeFileSync(join(folder, 'open-1'), lost);
    expect(needsCheck(folder)).toBe(true);
    writeFileSync(join(folder, 'open-1'), lost.slice(0, 5));
    expect(needsCheck(folder)).toBe(true);
  });

  it.each<[string, (file: string) => void]>([
    ['written to', (file) => appendFileSync(file, 'x')],
    ['overwritten in place', (file) => writeFileSync(file, readFileSync(file))],
  ])('after its file was %s while it was closed', async (_, change) => {
    const folder = await closedStore();
    change(join(folder, 'data.mdb'));
    expect(needsCheck(folder)).toBe(true);
  });

  it('where it is a copy, or was written by a version without marks', async () => {
    const [folder, copy] = [await closedStore(), join(temporaryFolder(), 'copy')];
    mkdirSync(copy);
    for (const name of ['data.mdb', 'closed']) copyFileSync(join(folder, name), join(copy, name));
    expect(needsCheck(copy)).toBe(true);
  });
});

it('a killed process loses nothing that was committed, and the index stays exact', async () => {
  const folder = temporaryFolder();
  for (let kills = 0; kills < 3; kills += 1) {
    const child = await writeInOtherProcess(folder);
    await end(child, 'SIGKILL');
    const store = new EmbeddedStore(folder, 'n', 'store', { maxEntryBytes: 0 });
    const rows = await rowsOf(store, `${child.pid}`, `${child.pid}~`);
    expect(rows.length).toBeGreaterThan(20);
    // Only an exact index and size let all entries go, and no more.
    await waitUntil(async () => (await store.entries.get(`${child.pid} 0`)) === undefined);
    await store.close();
  }
});
