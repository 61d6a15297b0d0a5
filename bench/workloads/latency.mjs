import { startUpstream } from '../peers.mjs';
import { quantile, run } from '../process.mjs';
import { milliseconds, oursOf, table, times } from '../report.mjs';
import { measure, startAll, stopAll } from './compare.mjs';

/** Milliseconds. */
const UPSTREAM_LATENCY = 50;
/** A page with details needs two round trips: the list, then all its details. */
const ROUND_TRIPS = 2 * UPSTREAM_LATENCY;
const CONCURRENCY = 4;
/** Requests to a server that has just started, then before the measurement, then in each round. */
const COUNTS = { first: 100, warmUp: 300, round: 60 };
const MAX = { p50: 1.1, p99: 1.25, first: 1.2 };

/** One page with details, nothing bought before, four requests at a time. */
export default async function latency(rounds) {
  const upstream = await startUpstream(UPSTREAM_LATENCY);
  const peers = await startAll(upstream);
  const query = (start) => (peer, number) => peer.queryCases(`sandbox:rows:${start + number}`, 20);
  const first = [];
  for (const peer of peers) {
    const durations = await run(COUNTS.first, CONCURRENCY, (number) => query(100_000)(peer, number));
    first.push(quantile(durations, 0.5));
  }
  for (const peer of peers) await run(COUNTS.warmUp, CONCURRENCY, (number) => query(20)(peer, number));
  const load = { rounds, count: COUNTS.round, concurrency: CONCURRENCY };
  const measured = await measure(upstream, peers, load, query(2000));
  await stopAll(peers);
  await upstream.stop();
  const rows = measured.map((row, index) => ({ ...row, first: first[index] }));
  const ours = oursOf(rows);
  const names = { p50: 'p50', p99: 'p99', first: `p50 of the first ${COUNTS.first} requests` };
  return {
    goals: Object.entries(MAX).map(([key, max]) => [
      `latency: upstream ${UPSTREAM_LATENCY} ms, cold, one page with details, ${CONCURRENCY} at a time`,
      `${names[key]} ≤ ${max} × two round trips`,
      times(ours[key], ROUND_TRIPS),
      ours[key] <= max * ROUND_TRIPS,
    ]),
    text: `## Latency: upstream answers in ${UPSTREAM_LATENCY} ms, nothing bought before

${CONCURRENCY} requests at a time. Two round trips take ${ROUND_TRIPS} ms.

${table(
  ['server', 'p50', 'p99', names.first],
  rows.map(({ name, p50, p99, first: firstP50 }) => [
    name,
    milliseconds(p50),
    milliseconds(p99),
    milliseconds(firstP50),
  ]),
)}`,
  };
}
