import { setTimeout as sleep } from 'node:timers/promises';
import { OURS, startPeer, startUpstream } from '../peers.mjs';
import { median } from '../process.mjs';
import { milliseconds } from '../report.mjs';

/** The time from the start of the process to its first answer, and its memory two seconds later. */
export default async function start(rounds) {
  const upstream = await startUpstream();
  const times = [];
  const memory = [];
  for (let round = 0; round < rounds; round += 1) {
    const peer = await startPeer(OURS, upstream);
    await peer.queryCases('sandbox:rows:20', 0);
    times.push(performance.now() - peer.startedAt);
    await sleep(2000);
    memory.push(peer.memory());
    await peer.stop();
  }
  await upstream.stop();
  const [firstAnswer, idleMemory] = [median(times), median(memory)];
  return {
    goals: [
      [
        'start',
        'first answer within 1 s, idle memory ≤ 120 MB',
        `${milliseconds(firstAnswer)}, ${idleMemory.toFixed(0)} MB`,
        firstAnswer <= 1000 && idleMemory <= 120,
      ],
    ],
    text: `## Start

The first answer came ${milliseconds(firstAnswer)} after the start of the process. Two seconds later the process had ${idleMemory.toFixed(0)} MB of memory, without
mapped files.`,
  };
}
