import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startProcess } from '../../scripts/process.mjs';
import { BY_HAND, OURS, startPeer, startUpstream, temporaryPath } from '../peers.mjs';
import { createClient, median } from '../process.mjs';
import { milliseconds, table } from '../report.mjs';

/** Milliseconds until a process is at rest: V8 gives back what a start has left behind within ten seconds. */
const REST = 10_000;
const MAX = { firstAnswer: 600, npmStart: 900, memory: 110 };
const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

/** Starts a server. Returns the milliseconds to its first answer, and its memory in MB right then and at rest. */
async function measure(name, upstream) {
  const peer = await startPeer(name, upstream);
  await peer.queryCases('sandbox:rows:20', 1);
  const firstAnswer = performance.now() - peer.startedAt;
  const memory = peer.memory().resident;
  await sleep(REST);
  const result = { firstAnswer, memory, atRest: peer.memory().resident };
  await peer.stop();
  return result;
}

/** The milliseconds from `npm start`, which serves the embedded sandbox here, to the first answer. */
async function measureNpmStart() {
  const startedAt = performance.now();
  const env = { PORT: '0', DATA_DIR: temporaryPath(), HOME: process.env.HOME };
  const npm = await startProcess('npm', ['start'], env, /http:\S+\/graphql/, PROJECT);
  const client = createClient(/http:\S+\/graphql/.exec(npm.output)[0]);
  await client.send('{ company(searchKey: "sandbox:rows:20") { endCases(first: 1) { totalCount } } }');
  const duration = performance.now() - startedAt;
  await client.close();
  await npm.stop();
  return duration;
}

/** The time from the start of a process to its first answer, and its memory at rest. */
export default async function start(rounds) {
  const upstream = await startUpstream();
  const [ours, byHand, npmStart] = [[], [], []];
  for (let round = 0; round < rounds; round += 1) {
    ours.push(await measure(OURS, upstream));
    byHand.push(await measure(BY_HAND, upstream));
    npmStart.push(await measureNpmStart());
  }
  await upstream.stop();
  const medians = (results) => ({
    firstAnswer: median(results.map(({ firstAnswer }) => firstAnswer)),
    memory: median(results.map(({ memory }) => memory)),
    atRest: median(results.map(({ atRest }) => atRest)),
  });
  const { firstAnswer, atRest } = medians(ours);
  const rows = [
    [OURS, medians(ours)],
    [BY_HAND, medians(byHand)],
  ];
  const npm = median(npmStart);
  return {
    goals: [
      [
        'start: node dist/main.js',
        `first answer ≤ ${MAX.firstAnswer} ms`,
        milliseconds(firstAnswer),
        firstAnswer <= MAX.firstAnswer,
      ],
      ['start: npm start', `first answer ≤ ${MAX.npmStart} ms`, milliseconds(npm), npm <= MAX.npmStart],
      ['start', `memory at rest ≤ ${MAX.memory} MB`, `${atRest.toFixed(0)} MB`, atRest <= MAX.memory],
    ],
    text: `## Start

The memory is all that is resident, with mapped files: right after the first answer, and ten seconds later. By \`npm start\`,
with nothing to build, the first answer took ${milliseconds(npm)}.

${table(
  ['server', 'first answer', 'memory', 'memory at rest'],
  rows.map(([name, row]) => [
    name,
    milliseconds(row.firstAnswer),
    `${row.memory.toFixed(0)} MB`,
    `${row.atRest.toFixed(0)} MB`,
  ]),
)}`,
  };
}
