import { startUpstream } from '../peers.mjs';
import { run } from '../process.mjs';
import { milliseconds, oursOf, table, times } from '../report.mjs';
import { measure, startAll, stopAll } from './compare.mjs';

/** Milliseconds. */
const UPSTREAM_LATENCY = 50;

/** One page with details, one request at a time. It needs two round trips: the list, then all its details. */
export default async function latency(rounds) {
  const upstream = await startUpstream(UPSTREAM_LATENCY);
  const peers = await startAll(upstream);
  for (const peer of peers) {
    await run(300, 8, (index) => peer.queryCases(`sandbox:rows:${20 + index}`, 20));
  }
  const rows = await measure(upstream, peers, { rounds, count: 10, concurrency: 1 }, (peer, number) =>
    peer.queryCases(`sandbox:rows:${2000 + number}`, 20),
  );
  await stopAll(peers);
  await upstream.stop();
  const roundTrips = 2 * UPSTREAM_LATENCY;
  return {
    goals: [
      [
        `latency: upstream ${UPSTREAM_LATENCY} ms, cold, one page with details`,
        'p50 ≤ 1.15 × two round trips',
        times(oursOf(rows).p50, roundTrips),
        oursOf(rows).p50 <= 1.15 * roundTrips,
      ],
    ],
    text: `## Latency: upstream answers in ${UPSTREAM_LATENCY} ms, nothing bought before

${table(
  ['server', 'p50', 'relative to two round trips'],
  rows.map(({ name, p50 }) => [name, milliseconds(p50), times(p50, roundTrips)]),
)}`,
  };
}
