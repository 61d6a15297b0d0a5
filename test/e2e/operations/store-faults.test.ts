import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSandbox } from '../../../src/sandbox/server.js';
import { closeAfterTest } from '../../support/cleanup.js';
import { jsonOf, startTestGateway } from '../../support/gateway.js';
import { ask, envFor, type Running, run, urlIn } from '../../support/process.js';
import { describeWithRedis, startRedis } from '../../support/redis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { itWithTmpfs, smallDisk } from '../../support/tmpfs.js';
import { waitUntil } from '../../support/wait-until.js';

const DETAILS =
  '{ company(searchKey: "sandbox:rows:40") { endCases(first: 20) { nodes { id detail { certificateNo } } } } }';

async function stop({ child }: Running): Promise<number | null> {
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
  child.kill('SIGTERM');
  return exit;
}

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

describe('a full disk', () => {
  itWithTmpfs('is not written to, and nothing is bought, since no purchase could be recorded', async () => {
    const gateway = closeAfterTest(await startTestGateway({ folder: smallDisk() }));
    const { errors } = await gateway.query(DETAILS);
    expect(errors?.[0]?.extensions).toEqual({ code: 'STORE_UNAVAILABLE', retryable: true });
    expect(errors?.[0]?.message).toMatch(/^DATA_DIR has \d MB left; writing needs 16 MB free$/);
    expect(gateway.sandbox.statistics.total.calls).toBe(0);
    const ready = await fetch(new URL('/readyz', gateway.url));
    expect([ready.status, await ready.json()]).toEqual([
      200,
      { status: 'degraded', store: 'degraded', upstream: 'ok' },
    ]);
  });
});

describe('a DATA_DIR that is removed while the gateway runs', () => {
  it.each([
    ['', {}, 'STORE_UNAVAILABLE'],
    [' under a budget', { BUDGET_PER_DAY: '9' }, 'BUDGET_EXCEEDED'],
  ])(
    'ends its purchases%s, and a process that starts meanwhile begins a store of its own',
    async (_case, budget, code) => {
      const sandbox = closeAfterTest(await startSandbox());
      const folder = temporaryFolder();
      const env = { ...envFor(sandbox, folder), ...budget };
      const first = run(env);
      const url = await urlIn(first);
      const query = (id: string) => `{ endCase(id: "${id}") { court } }`;
      const testFirst = async (calls: number) => {
        const { errors } = await ask(url, query(`after ${calls} calls`));
        expect(errors?.[0]).toMatchObject({
          message: expect.stringContaining('DATA_DIR was removed or replaced while the gateway was running'),
          extensions: { code, retryable: true },
        });
        // What memory has still serves.
        expect((await ask(url, query('one'))).extensions.cost).toMatchObject({ billed: 0, cached: 1 });
        expect(sandbox.statistics.total.calls).toBe(calls);
      };
      expect((await ask(url, query('one'))).extensions.cost.billed).toBe(1);
      rmSync(join(folder, 'store'), { recursive: true });
      const store = async () => (await jsonOf(await fetch(new URL('/readyz', url)))).store;
      await waitUntil(async () => (await store()) === 'degraded');
      await testFirst(1);
      const second = run(env);
      expect((await ask(await urlIn(second), query('one'))).extensions.cost.billed).toBe(1);
      await testFirst(2);
      expect(await Promise.all([stop(first), stop(second)])).toEqual([0, 0]);
    },
  );
});

describeWithRedis('a Redis that fails over', () => {
  it('refuses writes as a replica: answers serve from the spool, nothing is bought, and all of it ends with the failover', async () => {
    const redis = closeAfterTest(await startRedis());
    const gateway = closeAfterTest(
      await startTestGateway({ env: { REDIS_URL: redis.url, BUDGET_PER_DAY: '1000' } }),
    );
    const port = new URL(redis.url).port;
    const command = (...args: string[]) => spawnSync('redis-cli', ['-p', port, ...args]);
    expect((await gateway.query(DETAILS)).extensions.cost.billed).toBe(21);
    command('replicaof', '127.0.0.1', '1');
    const cached = await gateway.query(DETAILS);
    expect([cached.errors, cached.extensions.cost.billed]).toEqual([undefined, 0]);
    const other = '{ company(searchKey: "sandbox:rows:7") { hasEndCases } }';
    expect((await gateway.query(other)).errors?.[0]?.extensions).toMatchObject({
      code: 'BUDGET_EXCEEDED',
      retryable: true,
    });
    command('replicaof', 'no', 'one');
    const back = await waitUntil(async () => {
      const response = await gateway.query(other);
      return response.errors ? undefined : response;
    }, 'the gateway buys again');
    expect(back.extensions.cost.billed).toBe(1);
    expect(gateway.sandbox.statistics.total.calls).toBe(22);
  });
});
