import { once } from 'node:events';
import { Agent, request } from 'undici';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.js';
import { cleanUp, closeAfterTest } from './cleanup.js';
import type { Data } from './gateway.js';
import { type HeldUpstream, holdUpstream } from './held-upstream.js';
import { requestsInFlight } from './metrics.js';
import { envFor, linesOf, type Running, run, urlIn } from './process.js';
import { describeWithRedis, startRedis } from './redis.js';
import { temporaryFolder } from './temporary-folder.js';
import { waitUntil } from './wait-until.js';

/** Gateways in processes of their own in front of one sandbox, until the current test ends. */
export interface Fleet {
  readonly sandbox: Sandbox;
  /** A folder of the test: the `DATA_DIR` of a gateway that is started without another. */
  readonly folder: string;
  start(env?: Record<string, string>): Promise<Running & { readonly url: string }>;
  ask(url: string, query: string): Promise<Data>;
  /** The rows of the ledger, as `ledger export` prints them. */
  ledgerRows(env?: Record<string, string>): Promise<Data[]>;
}

/** @param latency milliseconds before each answer of the sandbox */
export async function prepareFleet(latency = 0): Promise<Fleet> {
  const sandbox = closeAfterTest(await startSandbox({ latency }));
  const folder = temporaryFolder();
  const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0, connect: { timeout: 0 } });
  const envWith = (env: Record<string, string>) => ({ ...envFor(sandbox, folder), ...env });
  cleanUp(() => agent.destroy());
  return {
    sandbox,
    folder,
    async start(env = {}) {
      const running = run({ QCC_TIMEOUT: '5m', ...envWith(env) });
      cleanUp(() => kill(running));
      return { ...running, url: await urlIn(running) };
    },
    async ask(url, query) {
      const { body } = await request(url, {
        method: 'POST',
        dispatcher: agent,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      });
      return body.json();
    },
    async ledgerRows(env = {}) {
      const lines = await linesOf(envWith(env), 'ledger', 'export', '--format', 'jsonl');
      return lines.map((line) => JSON.parse(line));
    },
  };
}

async function kill({ child }: Running): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

type StartAll = (fleet: Fleet, env?: Record<string, string>) => Promise<string[]>;

/** Two instances with a Redis between them, each with its own `DATA_DIR`. */
export const startTwoOn = async (fleet: Fleet, redisUrl: string, env: Record<string, string> = {}) => {
  const start = async (name: string) =>
    (await fleet.start({ REDIS_URL: redisUrl, DATA_DIR: `${fleet.folder}/${name}`, ...env })).url;
  return Promise.all([start('one'), start('other')]);
};

const fleets: [string, StartAll, (title: string, body: () => void) => void][] = [
  ['one process', async (fleet, env) => [(await fleet.start(env)).url], describe],
  [
    'two processes on one DATA_DIR',
    async (fleet, env) => Promise.all([1, 2].map(async () => (await fleet.start(env)).url)),
    describe,
  ],
  [
    'two instances on one Redis',
    async (fleet, env) => startTwoOn(fleet, closeAfterTest(await startRedis()).url, env),
    describeWithRedis,
  ],
];

const FAILING = 'sandbox:status:299';
const queryFor = (key: string) =>
  `{ company(searchKey: "${key}") { endCases(first: 2) { nodes { id detail { certificateNo } } } } }`;

/** Tests that `count` identical requests at once buy each answer once, in one process and shared by two. */
export function testStampede(count: number): void {
  const stampede = async (fleet: Fleet, urls: readonly string[], query: string) => {
    const answers = await Promise.all(
      Array.from({ length: count }, (_, index) => fleet.ask(urls[index % urls.length] ?? '', query)),
    );
    const distinct = new Set(answers.map(({ data, errors }) => JSON.stringify([data, errors])));
    const sum = (field: string) =>
      answers.reduce((total: number, { extensions }: Data) => total + extensions.cost[field], 0);
    return { answers, distinct: distinct.size, billed: sum('billed'), maybeBilled: sum('maybeBilled') };
  };

  for (const [name, startAll, describeFleet] of fleets) {
    describeFleet(`${count} identical requests at once to ${name}`, () => {
      it('make one call that fails, and buy each answer once', async () => {
        const fleet = await prepareFleet(300);
        const upstream = closeAfterTest(await holdUpstream(fleet.sandbox));
        const urls = await startAll(fleet, { QCC_BASE_URL: upstream.url });
        const answered = stampede(fleet, urls, queryFor(FAILING));
        const probes = await allUnderWay(fleet, urls, upstream, count);
        upstream.open();
        const failed = await answered;
        await Promise.all(probes);
        expect(upstream.arrived.filter((key) => key === FAILING)).toHaveLength(1);
        expect([failed.distinct, failed.maybeBilled]).toEqual([1, 1]);
        expect(failed.answers[0].errors[0].extensions.code).toBe('UPSTREAM_FAILURE');

        const callsBefore = fleet.sandbox.statistics.total.calls;
        const { answers, distinct, billed } = await stampede(fleet, urls, queryFor('sandbox:rows:2'));
        expect(fleet.sandbox.statistics.total.calls - callsBefore).toBe(3);
        expect([distinct, billed]).toEqual([1, 3]);
        expect(answers[0].data.company.endCases.nodes[1].detail.certificateNo).toEqual(expect.any(String));
      });
    });
  }
}

/**
 * Waits until `count` requests wait for the call that upstream holds. A probe sent after they were accepted passes the
 * same steps behind them: once its own call has arrived upstream, all of them have come as far.
 *
 * @returns the answers of the probes, one for each gateway
 */
async function allUnderWay(
  fleet: Fleet,
  urls: readonly string[],
  upstream: HeldUpstream,
  count: number,
): Promise<Promise<Data>[]> {
  await waitUntil(async () => {
    const accepted = await Promise.all(urls.map(requestsInFlight));
    return accepted.reduce((total, requests) => total + requests) === count;
  }, `the gateways accept ${count} requests`);
  const probes = urls.map((url, index) => fleet.ask(url, `{ endCase(id: "probe ${index}") { court } }`));
  await waitUntil(() => upstream.arrived.filter((key) => key.startsWith('probe')).length === urls.length);
  return probes;
}
