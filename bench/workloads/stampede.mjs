import { OURS, startPeer, startUpstream } from '../peers.mjs';
import { median, quantile, run } from '../process.mjs';
import { milliseconds } from '../report.mjs';

const REQUESTS = 10_000;
/** Milliseconds. */
const UPSTREAM_LATENCY = 50;
/** All requests are sent before the first response arrives: ten on each of a thousand connections. */
const CONNECTIONS = { connections: 1000, pipelining: 10 };

/** 10,000 identical concurrent requests to a cold cache. */
export default async function stampede(rounds) {
  const upstream = await startUpstream(UPSTREAM_LATENCY);
  const p99 = [];
  const calls = [];
  const cpu = [];
  for (let round = 0; round < rounds; round += 1) {
    const peer = await startPeer(OURS, upstream, {}, CONNECTIONS);
    // A process that has been working for a while, so that its code is compiled.
    await run(3000, 16, (index) => peer.queryCases(`sandbox:rows:${20 + (index % 50)}`, 20));
    await upstream.takeCalls();
    const before = peer.cpu();
    const durations = await run(REQUESTS, REQUESTS, () => peer.queryCases('sandbox:rows:900', 20));
    p99.push(quantile(durations, 0.99));
    cpu.push((peer.cpu() - before) / REQUESTS);
    calls.push(await upstream.takeCalls());
    await peer.stop();
  }
  await upstream.stop();
  const limit = 3 * UPSTREAM_LATENCY + 1000;
  const isEachBoughtOnce = calls.every((count) => count === 21);
  return {
    goals: [
      [
        'stampede: 10,000 identical concurrent requests, cold',
        `each answer bought once; p99 ≤ ${milliseconds(limit)}`,
        `${Math.max(...calls)} calls; p99 ${milliseconds(median(p99))}`,
        isEachBoughtOnce && median(p99) <= limit,
      ],
    ],
    text: `## Stampede: 10,000 identical concurrent requests, cold

One page of 20 cases with details. Upstream answers in ${UPSTREAM_LATENCY} ms. Answers bought per round: ${calls.join(', ')} (21 are needed).
The client measured a p99 of ${milliseconds(median(p99))} (rounds: ${p99.map((value) => value.toFixed(0)).join(', ')}). CPU per request was ${milliseconds(median(cpu), 3)}. Client,
upstream and gateway share the cores of the machine.`,
  };
}
