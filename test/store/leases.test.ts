import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { open } from 'lmdb';
import { EmbeddedStore } from '../../src/store/embedded/embedded-store.js';
import { RedisStore } from '../../src/store/redis/redis-store.js';
import { type LeaseStore, MAX_LEASE } from '../../src/store/store.js';
import { cleanUp, closeAfterTest } from '../support/cleanup.js';
import { describeWithRedis, type RedisServer, startRedis } from '../support/redis.js';
import { settingsOf } from '../support/stores.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { waitUntil } from '../support/wait-until.js';

const DIST = join(__dirname, '..', '..', 'dist', 'store');

/** A process of its own that takes the lease `q` as `other` for a moment, and then waits. */
async function takeInOtherProcess(openStore: string): Promise<ChildProcess> {
  const script = `${openStore}
    await store.leases.take('q', 'other', 10);
    console.log('taken');
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  cleanUp(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

/** The promises of a lease that its own clock does not decide. */
function testLeases(open: () => Promise<{ leases: LeaseStore; other: string }>): void {
  it('outlasts its duration while its process is alive, even if it is stopped', async () => {
    const { leases, other } = await open();
    const child = await takeInOtherProcess(other);
    child.kill('SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await leases.take('q', 'mine', 5000)).toBe('other');
    child.kill('SIGCONT');
    expect(await leases.take('q', 'mine', 5000)).toBe('other');
  });

  it('ends with its process', async () => {
    const { leases, other } = await open();
    const child = await takeInOtherProcess(other);
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
    expect(await leases.take('q', 'mine', 5000)).toBe('mine');
  });
}

describe('a lease in the embedded store', () => {
  testLeases(async () => {
    const folder = temporaryFolder();
    const { leases } = closeAfterTest(new EmbeddedStore(folder, 'n'));
    const other = `import { EmbeddedStore } from '${DIST}/embedded/embedded-store.js';
      const store = new EmbeddedStore('${folder}', 'n');`;
    return { leases, other };
  });

  it('of a stopped process outlasts a sweep, and one of a process that is gone does not', async () => {
    const folder = temporaryFolder();
    const store = closeAfterTest(new EmbeddedStore(folder, 'n'));
    const child =
      await takeInOtherProcess(`import { EmbeddedStore } from '${DIST}/embedded/embedded-store.js';
      const store = new EmbeddedStore('${folder}', 'n');`);
    child.kill('SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, 50));
    await store.sweep();
    expect(await store.leases.take('q', 'mine', 5000)).toBe('other');
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
    await store.sweep();
    await store.close();
    const root = open({ path: folder, maxDbs: 12 });
    expect([...root.openDB({ name: 'leases', encoding: 'json' }).getKeys()]).toEqual([]);
    await root.close();
  });

  /** Writes the lease `q` as a process of another host would have. */
  async function writeForeign(folder: string, until: number): Promise<void> {
    const root = open({ path: folder, maxDbs: 8 });
    const records = root.openDB({ name: 'leases', encoding: 'json' });
    await records.put('n q', { holder: 'other', until, process: 'another-boot pid:[1] 7 7', began: 0 });
    await root.close();
  }

  it.each([
    ['that has time left is held', 5000, 'other'],
    ['that has run out is free', -1, 'mine'],
    ['of a clock that was two days ahead is free', 2 * 86_400_000, 'mine'],
    ['of the longest time is held', MAX_LEASE - 1000, 'other'],
  ])('of another host %s', async (_, left, holder) => {
    const folder = temporaryFolder();
    await writeForeign(folder, Date.now() + left);
    const { leases } = closeAfterTest(new EmbeddedStore(folder, 'n'));
    expect(await leases.take('q', 'mine', 5000)).toBe(holder);
  });
});

describeWithRedis('a lease in Redis', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());

  testLeases(async () => {
    const namespace = String(expect.getState().currentTestName);
    const store = closeAfterTest(
      new RedisStore(settingsOf(redis.url), namespace, console.error, () => undefined),
    );
    await waitUntil(() => store.health() === 'ok');
    const other = `import { RedisStore } from '${DIST}/redis/redis-store.js';
      const store = new RedisStore(${JSON.stringify(settingsOf(redis.url))}, ${JSON.stringify(namespace)}, console.error, () => undefined);
      while (store.health() !== 'ok') await new Promise((resolve) => setTimeout(resolve, 5));`;
    return { leases: store.leases, other };
  });
});
