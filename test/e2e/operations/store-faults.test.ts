import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { startSandbox } from '../../../src/sandbox/server.js';
import { closeAfterTest } from '../../support/cleanup.js';
import { jsonOf, startTestGateway } from '../../support/gateway.js';
import { ask, envFor, run, stop, urlIn } from '../../support/process.js';
import { describeWithRedis, startRedis } from '../../support/redis.js';
import { READONLY_OF_REDIS_6, startRewordingProxy } from '../../support/rewording-proxy.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { itWithTmpfs, smallDisk } from '../../support/tmpfs.js';
import { waitUntil } from '../../support/wait-until.js';

const DETAILS =
  '{ company(searchKey: "sandbox:rows:40") { endCases(first: 20) { nodes { id detail { certificateNo } } } } }';

describe('a full disk', () => {
  itWithTmpfs('is not written to, and nothing is bought, since no purchase could be recorded', async () => {
    const gateway = closeAfterTest(await startTestGateway({ folder: smallDisk() }));
    const { errors } = await gateway.query(DETAILS);
    expect(errors?.[0]?.extensions).toEqual({ code: 'STORE_UNAVAILABLE', retryable: true });
    expect(errors?.[0]?.message).toMatch(/^DATA_DIR has \d MB free; writing needs 16 MB$/);
    expect(gateway.sandbox.statistics.total.calls).toBe(0);
    const ready = await fetch(new URL('/readyz', gateway.url));
    expect([ready.status, await ready.json()]).toEqual([
      200,
      { status: 'degraded', store: 'degraded', ledger: 'degraded', upstream: 'ok' },
    ]);
  });
});

describe('a DATA_DIR that is removed while the gateway runs', () => {
  it.each([
    ['', {}],
    [' under a budget', { BUDGET_PER_DAY: '9' }],
  ])(
    'ends its purchases%s, and a process that starts meanwhile begins a store of its own',
    async (_case, budget) => {
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
          extensions: { code: 'STORE_UNAVAILABLE', retryable: true },
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
      // The removed file does not show what other processes buy.
      const { data, errors } = await ask(url, '{ usage { total { calls } } }');
      expect([data, errors?.[0]?.extensions]).toEqual([
        { usage: null },
        { code: 'STORE_UNAVAILABLE', retryable: true },
      ]);
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

  it.each([
    ['Redis 6', READONLY_OF_REDIS_6],
    ['Redis 7', "-READONLY You can't write against a read only replica."],
  ])(
    'at the same address, in the words of %s, leaves the old primary: the budget and the answers are those of the new one',
    async (_version, reply) => {
      const [old, next] = [closeAfterTest(await startRedis()), closeAfterTest(await startRedis())];
      await next.command('replicaof', '127.0.0.1', String(old.port));
      const proxy = await startRewordingProxy(old.port, reply);
      const gateway = closeAfterTest(
        await startTestGateway({ env: { REDIS_URL: proxy.url, BUDGET_PER_DAY: '30' } }),
      );
      expect((await gateway.query(DETAILS)).extensions.cost.billed).toBe(21);
      await waitUntil(async () => (await next.command('dbsize')) === (await old.command('dbsize')));
      await next.command('replicaof', 'no', 'one');
      proxy.leadTo(next.port);
      await old.command('replicaof', '127.0.0.1', String(next.port));
      const buy = (index: number) => gateway.query(`{ endCase(id: "case ${index}") { court } }`);
      const first = await waitUntil(async () => {
        const response = await buy(1);
        return response.errors ? undefined : response;
      }, 'the gateway buys again');
      expect(first.extensions.cost.billed).toBe(1);
      for (let index = 2; index < 10; index++) expect((await buy(index)).errors).toBeUndefined();
      expect((await buy(10)).errors?.[0]?.extensions).toMatchObject({ budget: { left: 0 } });
      expect((await gateway.query(DETAILS)).extensions.cost.billed).toBe(0);
      expect(gateway.sandbox.statistics.total.calls).toBe(30);
    },
  );
});
