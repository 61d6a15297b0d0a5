// Sends requests that are small to send and large to answer, and the largest ones within the limits. Writes what each costs
// the gateway to docs/hostile-requests.md.
// Usage: npm run hostile
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox } from '../dist/sandbox/server.js';
import { makeDataDir, startGateway } from './gateway.mjs';
import { HOSTILE, LEGITIMATE } from './hostile-cases.mjs';

/** How often each request is sent. The best run counts: the machine has other work too. */
const RUNS = 3;
/** MB. */
const HEAP = 256;
const MONITOR = new URL('./turn-monitor.mjs', import.meta.url).href;
const MONITOR_FILE = join(makeDataDir(), 'longest-turn');
const COLUMNS = ['request', 'bytes in', 'event loop held', 'memory above idle', 'answered in', 'outcome'];

/** Starts the monitor of the event loop, or stops it. */
const toggleMonitor = async (gateway) => {
  process.kill(gateway.pid, 'SIGUSR2');
  await sleep(20);
};

/** Stops the monitor. Returns the milliseconds of the longest turn. */
async function readMonitor(gateway) {
  await toggleMonitor(gateway);
  while (!existsSync(MONITOR_FILE)) await sleep(5);
  const longest = Number(readFileSync(MONITOR_FILE, 'utf8'));
  rmSync(MONITOR_FILE);
  return longest;
}

/** Sends a request once. The body is made unique, so that the response cache does not answer it. */
async function measure(gateway, body, run) {
  const text = typeof body === 'string' ? body : JSON.stringify({ ...body, extensions: { run } });
  gateway.resetPeak();
  const idle = gateway.memory().peak;
  await toggleMonitor(gateway);
  const start = performance.now();
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: text,
  });
  const answer = await response.text();
  const duration = performance.now() - start;
  return {
    bytes: Buffer.byteLength(text),
    held: await readMonitor(gateway),
    memory: gateway.memory().peak - idle,
    duration,
    outcome: outcomeOf(response.status, answer),
  };
}

/** HTTP status, codes of the errors, and the size of the answer if it has data. */
function outcomeOf(status, answer) {
  const { data, errors = [] } = JSON.parse(answer);
  const codes = new Set(errors.map(({ extensions }) => `\`${extensions.code}\``));
  const size = `${Math.ceil(Buffer.byteLength(answer) / 1000).toLocaleString('en')} KB`;
  if (errors.length === 0) return `${status}, ${size}`;
  const beside = data ? `, ${errors.length.toLocaleString('en')} errors beside data, ${size}` : '';
  return `${status} ${[...codes].join(', ')}${beside}`;
}

/** The rows of a table, one for each request. */
async function measureAll(gateway, requests) {
  const rows = [];
  for (const [name, body] of Object.entries(requests)) {
    const runs = [];
    for (let run = 0; run < RUNS; run++) {
      runs.push(await measure(gateway, body, run));
    }
    const [best] = [...runs].sort((one, other) => one.held - other.held);
    const { bytes, held, memory, duration, outcome } = best;
    const row = [
      name,
      bytes.toLocaleString('en'),
      `${held.toFixed(0)} ms`,
      `${Math.max(0, memory).toFixed(0)} MB`,
      `${duration.toFixed(0)} ms`,
      outcome,
    ];
    rows.push(row);
    console.log(row.join(' | '));
  }
  return rows;
}

const sandbox = await startSandbox();
const gateway = await startGateway(sandbox.url, { LOG_LEVEL: 'info', TURN_MONITOR_FILE: MONITOR_FILE }, [
  `--max-old-space-size=${HEAP}`,
  '--import',
  MONITOR,
]);
// Buys what the requests read from the cache.
for (const { query, variables } of Object.values(LEGITIMATE)) await gateway.query(query, { variables });
gateway.resetPeak();
const idle = gateway.memory().peak;
const legitimate = await measureAll(gateway, LEGITIMATE);
const hostile = await measureAll(gateway, HOSTILE);
await gateway.stop();
await sandbox.close();

const table = (rows) =>
  [COLUMNS, COLUMNS.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
const [major] = process.versions.node.split('.');
writeFileSync(
  new URL('../docs/hostile-requests.md', import.meta.url),
  `# Hostile requests

This page shows what a request can cost the process, whoever sends it. \`npm run hostile\` writes it (Node ${major}, a heap of
${HEAP} MB, default settings, a process with ${idle.toFixed(0)} MB at rest). It sends each request ${RUNS} times and shows the run that held the event loop
least. Your figures will differ.

- *Event loop held* is the longest time in which the process could not serve other requests: the CPU time of its main
  thread in one turn of the event loop. An idle process shows 2 to 4 ms, which is mostly the reading of the request.
- *Memory above idle* is how far the memory of the process rose above its size before the request.
- *Answered in* is the time by the clock, on a machine that has other work too.

[Limits](operations.md#limits) lists the limits that refuse these requests.

## Hostile requests

They are small, and would be large to answer.

${table(hostile)}

## Large requests within the limits

What they need is in the cache.

${table(legitimate)}
`,
);
