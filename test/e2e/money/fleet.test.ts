import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { type Sandbox, startSandbox } from '../../../src/sandbox/server.js';
import type { Data } from '../../support/gateway.js';
import { envFor, type Running, run, runToEnd, urlIn } from '../../support/process.js';
import { describeWithRedis, type RedisServer, startRedis } from '../../support/redis.js';
import { until } from '../../support/until.js';

const AT_ONCE = Number(process.env.AT_ONCE ?? 10_000);
/** Milliseconds in which so many requests arrive, even on a slow machine: a failure is to come after them. */
const ARRIVED = 3000 + AT_ONCE;

let sandbox: Sandbox;
let folder: string;
let agent: Agent;
let running: Running[] = [];

const prepare = async (latency: number) => {
  sandbox = await startSandbox({ latency });
};
const start = async (env: Record<string, string> = {}) => {
  const one = run({ ...envFor(sandbox, folder), QCC_TIMEOUT: '60s', ...env });
  running.push(one);
  return { ...one, url: await urlIn(one) };
};
const ask = async (url: string, query: string): Promise<Data> => {
  const { body } = await request(url, {
    method: 'POST',
    dispatcher: agent,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return body.json();
};
const ledgerRows = async (env: Record<string, string> = {}): Promise<Data[]> => {
  const { output } = await runToEnd(
    { ...envFor(sandbox, folder), ...env },
    'ledger',
    'export',
    '--format',
    'jsonl',
  );
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'endcase-fleet-'));
  agent = new Agent({ headersTimeout: 0, bodyTimeout: 0, connect: { timeout: 0 } });
});
afterEach(async () => {
  await agent.destroy();
  await Promise.all(
    running.map(async ({ child }) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    }),
  );
  running = [];
  await sandbox.close();
  rmSync(folder, { recursive: true });
});

const detailed = (key: string) =>
  `{ company(searchKey: "${key}") { endCases(first: 2) { nodes { id detail { certificateNo } } } } }`;

/** The same request so often at once, spread over the instances; every one on a connection of its own. */
async function stampede(urls: readonly string[], query: string) {
  const answers = await Promise.all(
    Array.from({ length: AT_ONCE }, (_, index) => ask(urls[index % urls.length] ?? '', query)),
  );
  const distinct = new Set(answers.map(({ data, errors }) => JSON.stringify([data, errors])));
  const sum = (count: string) =>
    answers.reduce((left: number, { extensions }: Data) => left + extensions.cost[count], 0);
  return { answers, distinct: distinct.size, billed: sum('billed'), maybeBilled: sum('maybeBilled') };
}

const fleets: [string, () => Promise<string[]>][] = [
  ['one process', async () => [(await start()).url]],
  ['two processes on one DATA_DIR', async () => [(await start()).url, (await start()).url]],
];

describe.each(fleets)(`${AT_ONCE} identical requests at once to %s`, (_, startFleet) => {
  it('buy each answer once', async () => {
    await prepare(300);
    const { answers, distinct, billed } = await stampede(await startFleet(), detailed('sandbox:rows:2'));
    expect(sandbox.statistics.total).toMatchObject({ calls: 3, billed: 3 });
    expect([distinct, billed]).toEqual([1, 3]);
    expect(answers[0].data.company.endCases.nodes[1].detail.certificateNo).toEqual(expect.any(String));
  }, 120_000);

  it('buy a failure once, and all are told', async () => {
    await prepare(ARRIVED);
    const { answers, distinct, maybeBilled } = await stampede(
      await startFleet(),
      detailed('sandbox:status:299'),
    );
    expect(sandbox.statistics.total.calls).toBe(1);
    expect([distinct, maybeBilled]).toEqual([1, 1]);
    expect(answers[0].errors[0].extensions.code).toBe('UPSTREAM_FAILURE');
  }, 120_000);
});

describe('a process that is killed', () => {
  it('in the middle of buying loses no row of an answer it gave out, and nothing is bought again', async () => {
    await prepare(20);
    const { url, child } = await start();
    const given: string[] = [];
    const asking = Array.from({ length: 200 }, async (_, index) => {
      const { extensions } = await ask(url, `{ endCase(id: "case ${index}") { court } }`);
      given.push(...extensions.cost.orderNumbers);
    });
    await until(() => given.length >= 60);
    child.kill('SIGKILL');
    await Promise.allSettled(asking);
    const kept = new Set((await ledgerRows()).map(({ orderNumber }) => orderNumber));
    expect(given.filter((orderNumber) => !kept.has(orderNumber))).toEqual([]);
    const again = await start();
    const bought = sandbox.statistics.total.calls;
    const ids = sandbox.statistics.log
      .filter(({ orderNumber }) => orderNumber !== null && given.includes(orderNumber))
      .map(({ parameters }) => parameters.id);
    expect(ids).toHaveLength(given.length);
    await Promise.all(ids.map((id) => ask(again.url, `{ endCase(id: "${id}") { court } }`)));
    expect(sandbox.statistics.total.calls).toBe(bought);
  }, 60_000);

  it('blocks nobody for longer than one attempt', async () => {
    await prepare(0);
    const [one, other] = [await start({ QCC_TIMEOUT: '2s' }), await start({ QCC_TIMEOUT: '2s' })];
    const query = '{ endCase(id: "sandbox:slow:1500") { court } }';
    void ask(one.url, query).catch(() => undefined);
    await until(() => sandbox.statistics.total.calls === 1);
    one.child.kill('SIGKILL');
    const began = performance.now();
    const { errors, extensions } = await ask(other.url, query);
    expect(errors).toBeUndefined();
    expect(extensions.cost.billed).toBe(1);
    // The lease of one attempt, then an attempt of its own.
    expect(performance.now() - began).toBeLessThan(2 * 2000 + 1500);
  }, 60_000);
});

describeWithRedis('two instances on one Redis', () => {
  let redis: RedisServer;
  beforeEach(async () => {
    redis = await startRedis();
  });
  afterEach(() => redis.close());
  const startTwo = async (env: Record<string, string> = {}) => {
    const shared = { REDIS_URL: redis.url, ...env };
    return [
      (await start({ ...shared, DATA_DIR: join(folder, 'one') })).url,
      (await start({ ...shared, DATA_DIR: join(folder, 'other') })).url,
    ];
  };

  it('asked the same so often at once buy each answer once', async () => {
    await prepare(300);
    const { distinct, billed } = await stampede(await startTwo(), detailed('sandbox:rows:2'));
    expect(sandbox.statistics.total).toMatchObject({ calls: 3, billed: 3 });
    expect([distinct, billed]).toEqual([1, 3]);
  }, 120_000);

  it('asked for a failure so often at once buy it once', async () => {
    await prepare(ARRIVED);
    const { distinct } = await stampede(await startTwo(), detailed('sandbox:status:299'));
    expect(sandbox.statistics.total.calls).toBe(1);
    expect(distinct).toBe(1);
  }, 120_000);

  it.each(['killed', 'hanging'])(
    'under load give no error when Redis is %s, and lose no row of the ledger',
    async (how) => {
      await prepare(5);
      const urls = await startTwo();
      const given: string[] = [];
      const failures: Data[] = [];
      const meanwhile: number[] = [];
      let lost = false;
      const worker = async (from: number) => {
        for (let index = from; index < from + 60; index++) {
          const { errors, extensions } = await ask(
            urls[index % 2] ?? '',
            `{ endCase(id: "case ${index}") { court } }`,
          );
          given.push(...extensions.cost.orderNumbers);
          if (errors) failures.push(errors);
          if (lost) meanwhile.push(index);
        }
      };
      const load = Promise.all([0, 1000, 2000, 3000].map(worker));
      await until(() => given.length > 40);
      if (how === 'killed') await redis.kill();
      else redis.pause();
      const health = async (index: number) =>
        (await (await fetch(new URL('/readyz', urls[index]))).json()) as Data;
      await until(
        async () => (await health(0)).store === 'degraded' && (await health(1)).store === 'degraded',
      );
      expect((await health(0)).status).toBe('degraded');
      lost = true;
      await until(() => meanwhile.length > 40);
      lost = false;
      if (how === 'killed') await redis.restart();
      else redis.resume();
      await load;
      expect(failures).toEqual([]);
      expect(given).toHaveLength(240);
      await until(async () => (await health(0)).store === 'ok' && (await health(1)).store === 'ok');
      const env = { REDIS_URL: redis.url, DATA_DIR: join(folder, 'reader') };
      await until(async () => (await ledgerRows(env)).length >= 240);
      const kept = new Set((await ledgerRows(env)).map(({ orderNumber }) => orderNumber));
      expect(given.filter((orderNumber) => !kept.has(orderNumber))).toEqual([]);
      // What one bought while Redis was away, the other need not buy.
      const bought = sandbox.statistics.total.calls;
      for (const index of meanwhile.slice(0, 30)) {
        await ask(urls[(index + 1) % 2] ?? '', `{ endCase(id: "case ${index}") { court } }`);
      }
      expect(sandbox.statistics.total.calls).toBe(bought);
    },
    60_000,
  );
});
