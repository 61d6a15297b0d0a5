import { NAMES, OURS, startPeer, startUpstream } from '../peers.mjs';
import { median, quantile, run } from '../process.mjs';
import { bestOf, byHandOf, chart, milliseconds, oursOf, table, times } from '../report.mjs';

/** Requests to each server per round. */
const WARM_COUNT = 4000;
const COLD_COUNT = 150;
/** Companies that the warm requests repeat. */
const COMPANIES = 32;
/** Requests to each server before the measurement, so that it does not include compiling and connecting. */
const WARM_UP = { warm: 4000, cold: 300 };

/** The gateway without its response cache: each request runs its operation, with answers from memory. */
const UNCACHED = `${OURS} without its response cache`;

export const startAll = (upstream) => Promise.all(NAMES.map((name) => startPeer(name, upstream)));
export const stopAll = (peers) => Promise.all(peers.map((peer) => peer.stop()));

/** Measures all servers in turn, round by round. CPU, p50 and p99 are in milliseconds, CPU and calls per request. */
export async function measure(upstream, peers, { rounds, count, concurrency }, work) {
  const cpu = peers.map(() => []);
  const durations = peers.map(() => []);
  const calls = peers.map(() => 0);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, peer] of peers.entries()) {
      await upstream.takeCalls();
      const before = peer.cpu();
      durations[index].push(
        ...(await run(count, concurrency, (number) => work(peer, round * count + number))),
      );
      cpu[index].push((peer.cpu() - before) / count);
      calls[index] += await upstream.takeCalls();
    }
  }
  return peers.map(({ name }, index) => ({
    name,
    cpu: median(cpu[index]),
    p50: quantile(durations[index], 0.5),
    p99: quantile(durations[index], 0.99),
    calls: calls[index] / (rounds * count),
  }));
}

const mercuriusOf = (peers) => peers.find(({ name }) => name.startsWith('Mercurius'));
const cpuTable = (rows) =>
  table(
    ['server', 'CPU per request', 'relative to the gateway', 'p50', 'p99', 'upstream calls per request'],
    rows.map(({ name, cpu, p50, p99, calls }) => [
      name,
      milliseconds(cpu, 3),
      times(cpu, oursOf(rows).cpu),
      milliseconds(p50, 1),
      milliseconds(p99, 1),
      calls.toFixed(2),
    ]),
  );
const cpuChart = (title, rows) =>
  chart(
    title,
    'ms',
    rows.map(({ name, cpu }) => [name, cpu]),
  );

export default async function compare(rounds) {
  const upstream = await startUpstream();
  const peers = await startAll(upstream);
  const queryOne = (peer) => peer.queryCases('sandbox:rows:20', 20);
  const queryMany = (peer, number) => peer.queryCases(`sandbox:rows:${20 + (number % COMPANIES)}`, 20);
  for (const peer of peers) {
    await run(WARM_UP.cold, 8, (index) => peer.queryCases(`sandbox:rows:${20 + index}`, 20));
    await run(WARM_UP.warm, 16, (index) => queryMany(peer, index));
  }
  const load = { rounds, count: WARM_COUNT, concurrency: 16 };
  const warm = await measure(upstream, peers, load, queryMany);
  const same = await measure(upstream, peers, load, queryOne);
  const uncached = { ...(await startPeer(OURS, upstream, { CACHE_RESPONSES: '0' })), name: UNCACHED };
  await run(WARM_UP.warm, 16, (index) => queryMany(uncached, index));
  const memory = await measure(upstream, [uncached, mercuriusOf(peers)], load, queryMany);
  await uncached.stop();
  const cold = await measure(upstream, peers, { rounds, count: COLD_COUNT, concurrency: 8 }, (peer, number) =>
    peer.queryCases(`sandbox:rows:${1000 + number}`, 20),
  );
  await stopAll(peers);
  await upstream.stop();
  const [uncachedWarm, mercurius] = memory;
  const [best, bestCold, byHand] = [bestOf(warm), bestOf(cold), byHandOf(cold)];
  return {
    goals: [
      [
        'warm: 20 cases with details, all bought before',
        'CPU ≤ 0.5 × the best peer',
        `${times(oursOf(warm).cpu, best.cpu)} ${best.name}`,
        oursOf(warm).cpu <= 0.5 * best.cpu,
      ],
      [
        'memory: the same without a cached response',
        'CPU ≤ Mercurius',
        times(uncachedWarm.cpu, mercurius.cpu),
        uncachedWarm.cpu <= mercurius.cpu,
      ],
      [
        'cold: the same, every answer bought (21 calls)',
        'CPU ≤ 0.85 × the server written by hand',
        `${times(oursOf(cold).cpu, byHand.cpu)}; ${times(oursOf(cold).cpu, bestCold.cpu)} ${bestCold.name}`,
        oursOf(cold).cpu <= 0.85 * byHand.cpu,
      ],
    ],
    text: `## Warm: 20 cases with details, all bought before

${COMPANIES} companies in turn, 16 concurrent requests.

${cpuTable(warm)}

${cpuChart('Warm: CPU per request', warm)}

### One company in all requests

Tailcall runs identical concurrent operations once. Here nearly all of them are.

${cpuTable(same)}

### Each operation executed, with answers from memory

${table(
  ['server', 'CPU per request', 'p50', 'p99'],
  memory.map(({ name, cpu, p50, p99 }) => [
    name,
    milliseconds(cpu, 3),
    milliseconds(p50, 1),
    milliseconds(p99, 1),
  ]),
)}

## Cold: the same, every answer bought (21 calls)

${cpuTable(cold)}

${cpuChart('Cold: CPU per request', cold)}`,
  };
}
