import { startUpstream } from '../peers.mjs';
import { run } from '../process.mjs';
import { milliseconds, oursOf, table, times } from '../report.mjs';
import { measure, startAll, stopAll } from './compare.mjs';

const UPSTREAM = 50;

/** One page with details, one at a time: the list, then its details, are two round trips. */
export default async function latency(rounds) {
  const upstream = await startUpstream(UPSTREAM);
  const servers = await startAll(upstream);
  for (const server of servers) await run(300, 8, (index) => server.ask(`sandbox:rows:${20 + index}`, 20));
  const rows = await measure(upstream, servers, { rounds, count: 10, atOnce: 1 }, (server, number) =>
    server.ask(`sandbox:rows:${2000 + number}`, 20),
  );
  await stopAll(servers);
  await upstream.stop();
  const trips = 2 * UPSTREAM;
  return {
    goals: [
      [
        'latency: upstream 50 ms, cold, one page with details',
        'p50 ≤ 1.15 × two round trips',
        times(oursOf(rows).p50, trips),
        oursOf(rows).p50 <= 1.15 * trips,
      ],
    ],
    text: `## Latency: upstream answers in ${UPSTREAM} ms, nothing bought before

${table(
  ['server', 'p50', 'of two round trips'],
  rows.map(({ name, p50 }) => [name, milliseconds(p50), times(p50, trips)]),
)}`,
  };
}
