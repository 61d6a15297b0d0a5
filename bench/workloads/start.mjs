import { OURS, startPeer, startUpstream } from '../peers.mjs';
import { median } from '../process.mjs';
import { milliseconds } from '../report.mjs';

/** From the start of the process to its first answer, and what it holds a while after. */
export default async function start(rounds) {
  const upstream = await startUpstream();
  const first = [];
  const idle = [];
  for (let round = 0; round < rounds; round += 1) {
    const server = await startPeer(OURS, upstream);
    await server.ask('sandbox:rows:20', 0);
    first.push(performance.now() - server.server.began);
    await new Promise((resolve) => setTimeout(resolve, 2000));
    idle.push(server.server.memory());
    await server.stop();
  }
  await upstream.stop();
  const [answer, memory] = [median(first), median(idle)];
  return {
    goals: [
      [
        'start',
        'first answer within 1 s, idle memory ≤ 120 MB',
        `${milliseconds(answer)}, ${memory.toFixed(0)} MB`,
        answer <= 1000 && memory <= 120,
      ],
    ],
    text: `## Start

First answer ${milliseconds(answer)} after the process was started; two seconds later it holds ${memory.toFixed(0)} MB of its own (mapped files are none).`,
  };
}
