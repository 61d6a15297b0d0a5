import { OURS, startPeer, startUpstream } from '../peers.mjs';
import { median, quantile, run } from '../process.mjs';
import { milliseconds } from '../report.mjs';

const ASKED = 10_000;
const UPSTREAM = 50;
/** All are sent before the first is answered: ten on each of a thousand connections. */
const SOCKETS = { connections: 1000, pipelining: 10 };

/** The same question, asked of a cold cache by 10,000 requests at once. */
export default async function stampede(rounds) {
  const upstream = await startUpstream(UPSTREAM);
  const p99 = [];
  const calls = [];
  const cpu = [];
  for (let round = 0; round < rounds; round += 1) {
    const server = await startPeer(OURS, upstream, {}, SOCKETS);
    // The process has been at work for a while, when they come.
    await run(3000, 16, (index) => server.ask(`sandbox:rows:${20 + (index % 50)}`, 20));
    await upstream.calls();
    const before = server.server.cpu();
    const took = await run(ASKED, ASKED, () => server.ask('sandbox:rows:900', 20));
    p99.push(quantile(took, 0.99));
    cpu.push((server.server.cpu() - before) / ASKED);
    calls.push(await upstream.calls());
    await server.stop();
  }
  await upstream.stop();
  const limit = 3 * UPSTREAM + 1000;
  const each = calls.every((count) => count === 21);
  return {
    goals: [
      [
        'stampede: 10,000 identical at once, cold',
        `each answer bought once; p99 ≤ ${milliseconds(limit)}`,
        `${Math.max(...calls)} calls; p99 ${milliseconds(median(p99))}`,
        each && median(p99) <= limit,
      ],
    ],
    text: `## Stampede: 10,000 identical requests at once, cold

One page of 20 with details, upstream answers in ${UPSTREAM} ms. Each of ${rounds} rounds bought ${calls.join(', ')} answers (21 are needed);
p99 ${milliseconds(median(p99))} as the client saw it (rounds: ${p99.map((value) => value.toFixed(0)).join(', ')}), ${milliseconds(median(cpu), 3)} CPU a request. Client, upstream and gateway share the
machine's cores.`,
  };
}
