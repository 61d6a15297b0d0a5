import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Sandbox, startSandbox } from '../../../src/sandbox/server.js';
import { type GraphResponse, startTestGateway } from '../../support/gateway.js';
import { envFor, type Running, run, urlIn } from '../../support/process.js';
import { describeWithRedis, startRedis } from '../../support/redis.js';
import { until } from '../../support/until.js';

const DETAILS =
  '{ company(searchKey: "sandbox:rows:40") { endCases(first: 20) { nodes { id detail { certificateNo } } } } }';

async function ask(url: string, query: string): Promise<GraphResponse> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return response.json() as Promise<GraphResponse>;
}

async function stop({ child }: Running): Promise<number | null> {
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
  child.kill('SIGTERM');
  return exit;
}

describe('a damaged store', () => {
  let sandbox: Sandbox;
  const folders: string[] = [];
  beforeAll(async () => {
    sandbox = await startSandbox();
  });
  afterAll(async () => {
    await sandbox.close();
    for (const folder of folders) rmSync(folder, { recursive: true });
  });

  const damages: [string, (file: string) => void][] = [
    ['overwritten', (file) => writeFileSync(file, Buffer.alloc(readFileSync(file).length, 'A'))],
    ['cut off', (file) => truncateSync(file, Math.floor(readFileSync(file).length / 3))],
    [
      'spoilt in its middle',
      (file) => {
        const bytes = readFileSync(file);
        bytes.fill('A', 3 * 4096, bytes.length - 4096);
        writeFileSync(file, bytes);
      },
    ],
    ['emptied', (file) => truncateSync(file, 0)],
  ];

  it.each(damages)('that was %s is put aside, and the gateway serves', async (name, damage) => {
    const folder = mkdtempSync(join(tmpdir(), 'endcase-'));
    folders.push(folder);
    const env = envFor(sandbox, folder);
    const before = run(env);
    expect((await ask(await urlIn(before), DETAILS)).errors).toBeUndefined();
    expect(await stop(before)).toBe(0);
    damage(join(folder, 'store', 'data.mdb'));
    const after = run(env);
    const url = await urlIn(after);
    expect((await ask(url, DETAILS)).errors).toBeUndefined();
    const bought = sandbox.statistics.total.calls;
    expect((await ask(url, DETAILS)).extensions.cost.billed).toBe(0);
    expect(sandbox.statistics.total.calls).toBe(bought);
    expect(await stop(after)).toBe(0);
    const aside = readdirSync(folder).filter((entry) => entry.startsWith('store.damaged-'));
    expect(aside).toHaveLength(name === 'emptied' ? 0 : 1);
    if (name !== 'emptied') expect(after.output()).toContain('was damaged: it lies in');
  });

  it('that is sound stays where it is', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'endcase-'));
    folders.push(folder);
    for (const billed of [21, 0]) {
      const running = run(envFor(sandbox, folder));
      expect((await ask(await urlIn(running), DETAILS)).extensions.cost.billed).toBe(billed);
      expect(await stop(running)).toBe(0);
    }
    expect(readdirSync(folder)).toEqual(['store']);
  });
});

const mounted = (() => {
  const folder = mkdtempSync(join(tmpdir(), 'endcase-'));
  const made = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', folder]).status === 0;
  if (made) spawnSync('umount', [folder]);
  rmSync(folder, { recursive: true });
  return made;
})();

describe('a disk that is full', () => {
  const itWhereMounted = mounted ? it : it.skip;
  itWhereMounted('is not written to: what is bought serves from memory, and nothing breaks', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'endcase-'));
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', folder]);
    const setup = await startTestGateway({ folder });
    try {
      const first = await setup.query(DETAILS);
      expect([first.errors, first.extensions.cost.billed]).toEqual([undefined, 21]);
      const again = await setup.query(DETAILS);
      expect([again.data, again.extensions.cost.billed]).toEqual([first.data, 0]);
      const ready = await fetch(new URL('/readyz', setup.gateway.url));
      expect([ready.status, await ready.json()]).toEqual([
        200,
        { status: 'degraded', store: 'degraded', upstream: 'ok' },
      ]);
    } finally {
      await setup.close();
      await setup.sandbox.close();
      spawnSync('umount', [folder]);
      rmSync(folder, { recursive: true });
    }
  });

  it('as far as a process may write goes ends no process', async () => {
    const sandbox = await startSandbox();
    const folder = mkdtempSync(join(tmpdir(), 'endcase-'));
    const { PATH = '' } = process.env;
    const limited = run({ ...envFor(sandbox, folder), PATH }, 'serve');
    const pid = String(limited.child.pid);
    const url = await urlIn(limited);
    spawnSync('prlimit', ['--pid', pid, '--fsize=200000']);
    try {
      for (let rows = 1; rows <= 40; rows++) {
        const query = `{ company(searchKey: "sandbox:rows:${rows}") { endCases(first: 20) { nodes { id detail { certificateNo } } } } }`;
        const { data, errors } = await ask(url, query);
        expect([errors, data.company.endCases.nodes.length]).toEqual([undefined, Math.min(rows, 20)]);
      }
      expect(limited.child.exitCode).toBeNull();
      expect(limited.output()).toContain('the disk did not take');
    } finally {
      limited.child.kill('SIGKILL');
      await sandbox.close();
      rmSync(folder, { recursive: true });
    }
  });
});

describeWithRedis('a Redis that fails over', () => {
  it('is a replica for a while, that takes nothing: the spool does, and all is told', async () => {
    const redis = await startRedis();
    const setup = await startTestGateway({ env: { REDIS_URL: redis.url, BUDGET_PER_DAY: '1000' } });
    const port = new URL(redis.url).port;
    const command = (...args: string[]) => spawnSync('redis-cli', ['-p', port, ...args]);
    try {
      expect((await setup.query(DETAILS)).extensions.cost.billed).toBe(21);
      command('replicaof', '127.0.0.1', '1');
      const held = await setup.query(DETAILS);
      expect([held.errors, held.extensions.cost.billed]).toEqual([undefined, 0]);
      const other = '{ company(searchKey: "sandbox:rows:7") { hasEndCases } }';
      expect((await setup.query(other)).errors?.[0]?.extensions).toMatchObject({
        code: 'BUDGET_EXCEEDED',
        retryable: true,
      });
      command('replicaof', 'no', 'one');
      const back = await until(async () => {
        const response = await setup.query(other);
        return response.errors ? undefined : response;
      });
      expect(back.extensions.cost.billed).toBe(1);
      expect(setup.sandbox.statistics.total.calls).toBe(22);
    } finally {
      await setup.close();
      await redis.close();
    }
  });
});
