import { OURS, place, startPeer, startUpstream } from '../peers.mjs';
import { median, run } from '../process.mjs';
import { milliseconds, table, times } from '../report.mjs';

const FLEETS = [
  { processes: 1, shared: true },
  { processes: 2, shared: true },
  { processes: 4, shared: true },
  { processes: 4, shared: false },
];
/** Requests for each process in a round, and how many of them at once. */
const WARM = { count: 4000, atOnce: 16 };
const COLD = { count: 150, atOnce: 8 };
const WARM_UP = 300;
const ROWS = 2000;

/** Starts processes that share an embedded store, or have one each. */
async function startFleet(upstream, processes, shared) {
  const DATA_DIR = place();
  const servers = [];
  for (let index = 0; index < processes; index += 1) {
    servers.push(await startPeer(OURS, upstream, { DATA_DIR: shared ? DATA_DIR : place() }));
  }
  return {
    /** CPU of all of them a request, in milliseconds. */
    async cpu({ count, atOnce }, work) {
      const before = servers.map(({ server }) => server.cpu());
      await run(count * processes, atOnce * processes, (number) => work(servers[number % processes], number));
      const used = servers.map(({ server }, index) => server.cpu() - before[index]);
      return used.reduce((sum, one) => sum + one) / (count * processes);
    },
    stop: () => Promise.all(servers.map((server) => server.stop())),
  };
}

async function measure(upstream, rounds, { processes, shared }) {
  const fleet = await startFleet(upstream, processes, shared);
  const askWarm = (server, number) => server.ask(`sandbox:rows:${20 + (number % 32)}`, 20);
  await fleet.cpu({ count: WARM_UP, atOnce: 8 }, (server, number) =>
    server.ask(`sandbox:rows:${20 + number}`, 20),
  );
  await fleet.cpu({ ...WARM, count: 2 * WARM.count }, askWarm);
  const [warm, cold] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    warm.push(await fleet.cpu(WARM, askWarm));
    const from = ROWS + round * COLD.count * processes;
    cold.push(await fleet.cpu(COLD, (server, number) => server.ask(`sandbox:rows:${from + number}`, 20)));
  }
  await upstream.calls();
  // Each process asks all: whatever one has bought is there for the others.
  await fleet.cpu({ count: 50, atOnce: 8 }, (server, number) =>
    server.ask(`sandbox:rows:${ROWS + rounds * COLD.count * processes + Math.floor(number / processes)}`, 20),
  );
  const calls = await upstream.calls();
  await fleet.stop();
  return { processes, shared, warm: median(warm), cold: median(cold), calls };
}

/** Throughput a core is the inverse of CPU a request: that is what is measured. */
export default async function fleet(rounds) {
  const upstream = await startUpstream();
  const rows = [];
  for (const set of FLEETS) rows.push(await measure(upstream, rounds, set));
  await upstream.stop();
  const [one] = rows;
  const [together, apart] = rows.slice(-2);
  const keptOf = (other) => 100 * Math.min(other.warm / together.warm, other.cold / together.cold);
  return {
    goals: [
      [
        'fleet: 1 → 4 processes on one store',
        'throughput a core kept within 15 %',
        `${keptOf(apart).toFixed(0)} % of what four with stores of their own do; ${keptOf(one).toFixed(0)} % of what one does, that has the cores to itself`,
        keptOf(apart) >= 85,
      ],
    ],
    text: `## Fleet: processes that share one store

CPU a request, summed over all processes, each of which has the same load; and what 50 companies with 20 details each cost
when every process is asked for all of them (1,050 calls are the least where they share a store). More processes than cores
get in each other's way whatever they share: what sharing costs is told by the last two rows.

${table(
  ['processes', 'warm', 'of one’s', 'cold', 'of one’s', 'upstream calls'],
  rows.map(({ processes, shared, warm, cold, calls }) => [
    `${processes}${shared ? '' : ', a store each'}`,
    milliseconds(warm, 3),
    times(warm, one.warm),
    milliseconds(cold, 2),
    times(cold, one.cold),
    String(calls),
  ]),
)}`,
  };
}
