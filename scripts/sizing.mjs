// Measures what a young generation of V8 costs and saves, by heap: CPU time of a request whose answers are all bought, and
// the peak of the memory. Writes a line for each combination. Needs Linux: CPU time and memory come from /proc.
// Usage: npm run build && node scripts/sizing.mjs [REQUESTS]
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox } from '../dist/sandbox/server.js';
import { startGateway } from './gateway.mjs';

const REQUESTS = Number(process.argv[2] ?? 300);
const CONCURRENCY = 8;
/** MB; undefined: what V8 chooses for this machine. */
const HEAPS = [128, 256, 512, undefined];
const SEMI_SPACES = [8, 16, 32, 64];
/** Cases with details that one request buys. */
const WIDTHS = [20, 100];

const sandbox = await startSandbox();

/** A process that spends its time on garbage collection refuses some operations. */
async function sendUntilAdmitted(gateway, query) {
  for (;;) {
    const answer = await gateway.query(query);
    if (answer.status !== 503) return answer;
    await sleep(500);
  }
}

/** The mean CPU time of a request, in milliseconds. @param first the number of the first company */
async function measure(gateway, rows, requests, first) {
  const query = (company) =>
    `{ company(searchKey: "sandbox:rows:${company}") { endCases(first: ${rows}) { nodes { caseNo detail { certificateNo } } } } }`;
  const before = gateway.cpu();
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < requests; index = next++) {
      const { status, body } = await sendUntilAdmitted(gateway, query(first + index));
      if (status !== 200 || body.errors) throw new Error(`${status} ${JSON.stringify(body).slice(0, 300)}`);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return (gateway.cpu() - before) / requests;
}

for (const heap of HEAPS) {
  for (const semiSpace of SEMI_SPACES) {
    const flags = [
      `--max-semi-space-size=${semiSpace}`,
      ...(heap === undefined ? [] : [`--max-old-space-size=${heap}`]),
    ];
    const env = {
      BUDGET_PER_DAY: '900000',
      QCC_MAX_CONCURRENCY: '40',
      QCC_TIMEOUT: '60s',
      LOG_LEVEL: 'info',
    };
    const gateway = await startGateway(sandbox.url, env, flags);
    const columns = [`heap ${heap ?? 'default'}`, `semi-space ${semiSpace}`];
    let first = 200;
    await measure(gateway, 20, 50, first);
    for (const rows of WIDTHS) {
      first += 1000;
      const requests = Math.ceil((REQUESTS * 20) / rows);
      columns.push(`${rows} cases ${(await measure(gateway, rows, requests, first)).toFixed(2)} ms`);
    }
    const { peak, own } = gateway.memory();
    console.log([...columns, `peak ${peak.toFixed(0)} MB`, `own ${own.toFixed(0)} MB`].join(' · '));
    await gateway.stop('SIGKILL');
  }
}
await sandbox.close();
