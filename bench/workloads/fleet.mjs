import { OURS, startPeer, startUpstream, temporaryPath } from '../peers.mjs';
import { median, run } from '../process.mjs';
import { milliseconds, table, times } from '../report.mjs';

const FLEETS = [
  { processes: 1, shared: true },
  { processes: 2, shared: true },
  { processes: 4, shared: true },
  { processes: 4, shared: false },
];
/** Requests to each process per round, and how many of them are concurrent. */
const WARM = { count: 4000, concurrency: 16 };
const COLD = { count: 150, concurrency: 8 };
const WARM_UP = { count: 300, concurrency: 8 };
/** Companies in the last run, which counts upstream calls. */
const COMPANIES = 50;
/** Cold companies have more cases than this. */
const COLD_ROWS = 2000;

/** Starts processes that share one embedded store, or have one each. */
async function startFleet(upstream, processes, shared) {
  const DATA_DIR = temporaryPath();
  const peers = [];
  for (let index = 0; index < processes; index += 1) {
    peers.push(await startPeer(OURS, upstream, { DATA_DIR: shared ? DATA_DIR : temporaryPath() }));
  }
  return {
    /** Runs a load on all processes. Returns their CPU per request, in milliseconds. */
    async cpu({ count, concurrency }, work) {
      const before = peers.map((peer) => peer.cpu());
      await run(count * processes, concurrency * processes, (number) =>
        work(peers[number % processes], number),
      );
      const used = peers.map((peer, index) => peer.cpu() - before[index]);
      return used.reduce((sum, one) => sum + one) / (count * processes);
    },
    stop: () => Promise.all(peers.map((peer) => peer.stop())),
  };
}

async function measure(upstream, rounds, { processes, shared }) {
  const fleet = await startFleet(upstream, processes, shared);
  const queryWarm = (peer, number) => peer.queryCases(`sandbox:rows:${20 + (number % 32)}`, 20);
  const queryCold = (peer, number) => peer.queryCases(`sandbox:rows:${COLD_ROWS + number}`, 20);
  await fleet.cpu(WARM_UP, (peer, number) => peer.queryCases(`sandbox:rows:${20 + number}`, 20));
  await fleet.cpu({ ...WARM, count: 2 * WARM.count }, queryWarm);
  const [warm, cold] = [[], []];
  const coldPerRound = COLD.count * processes;
  for (let round = 0; round < rounds; round += 1) {
    warm.push(await fleet.cpu(WARM, queryWarm));
    cold.push(await fleet.cpu(COLD, (peer, number) => queryCold(peer, round * coldPerRound + number)));
  }
  await upstream.takeCalls();
  // Every process queries every company: on a shared store, what one has bought serves the others.
  await fleet.cpu({ count: COMPANIES, concurrency: 8 }, (peer, number) =>
    queryCold(peer, rounds * coldPerRound + Math.floor(number / processes)),
  );
  const calls = await upstream.takeCalls();
  await fleet.stop();
  return { processes, shared, warm: median(warm), cold: median(cold), calls };
}

/** Measures CPU per request, the inverse of throughput per core. */
export default async function fleet(rounds) {
  const upstream = await startUpstream();
  const rows = [];
  for (const setup of FLEETS) rows.push(await measure(upstream, rounds, setup));
  await upstream.stop();
  const [one] = rows;
  const [shared, separate] = rows.slice(-2);
  const percentOf = (other) => 100 * Math.min(other.warm / shared.warm, other.cold / shared.cold);
  return {
    goals: [
      [
        'fleet: 1 → 4 processes on one store',
        'throughput per core within 15 %',
        `${percentOf(separate).toFixed(0)} % of four processes with a store each; ${percentOf(one).toFixed(0)} % of one process alone on the machine`,
        percentOf(separate) >= 85,
      ],
    ],
    text: `## Fleet: processes that share one store

CPU per request, as the sum over all processes, which all have the same load. The last column counts the upstream calls when
every process queries the same ${COMPANIES} companies with 20 details each: the minimum on a shared store is ${(21 * COMPANIES).toLocaleString('en')}. More processes
than cores slow each other down, whatever they share, so only the last two rows show the cost of sharing.

${table(
  ['processes', 'warm', 'relative to one', 'cold', 'relative to one', 'upstream calls'],
  rows.map((row) => [
    `${row.processes}${row.shared ? '' : ', a store each'}`,
    milliseconds(row.warm, 3),
    times(row.warm, one.warm),
    milliseconds(row.cold, 2),
    times(row.cold, one.cold),
    String(row.calls),
  ]),
)}`,
  };
}
