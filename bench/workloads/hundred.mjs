import { startUpstream } from '../peers.mjs';
import { run } from '../process.mjs';
import { byHandOf, milliseconds, oursOf, table, times } from '../report.mjs';
import { measure, startAll, stopAll } from './compare.mjs';

const CASES = 100;
const CONCURRENCY = 5;
/** Requests to each server before the measurement, and in each round. */
const COUNTS = { warmUp: 10, round: 10 };
const MAX_MEMORY = 1.3;

/** A hundred cases with details in one operation, five operations at a time, nothing bought before. */
export default async function hundred(rounds) {
  const upstream = await startUpstream();
  const peers = await startAll(upstream);
  const ask = (peer, number) => peer.queryHundred(`sandbox:rows:${200 + number}`);
  for (const peer of peers) await run(COUNTS.warmUp, CONCURRENCY, (number) => ask(peer, number));
  const load = { rounds, count: COUNTS.round, concurrency: CONCURRENCY };
  const measured = await measure(upstream, peers, load, (peer, number) => ask(peer, COUNTS.warmUp + number));
  const rows = measured.map(({ name, cpu }, index) => ({
    name,
    cpu: cpu / CASES,
    peak: peers[index].memory().peak,
  }));
  await stopAll(peers);
  await upstream.stop();
  const [ours, byHand] = [oursOf(rows), byHandOf(rows)];
  const workload = `hundred: ${CONCURRENCY} × ${CASES} cases with details, cold`;
  return {
    goals: [
      [
        workload,
        'CPU per case ≤ the server written by hand',
        times(ours.cpu, byHand.cpu),
        ours.cpu <= byHand.cpu,
      ],
      [
        workload,
        `peak memory ≤ ${MAX_MEMORY} × the server written by hand`,
        times(ours.peak, byHand.peak),
        ours.peak <= MAX_MEMORY * byHand.peak,
      ],
    ],
    text: `## Hundred: ${CASES} cases with details in one operation, ${CONCURRENCY} at a time, nothing bought before

The peak is of all memory of the process, with mapped files.

${table(
  ['server', 'CPU per case', 'peak memory'],
  rows.map(({ name, cpu: used, peak }) => [name, milliseconds(used, 3), `${peak.toFixed(0)} MB`]),
)}`,
  };
}
