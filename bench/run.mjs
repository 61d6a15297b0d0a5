// Compares the gateway with its peers in interleaved rounds, and writes results.md. Needs Linux: CPU time comes from /proc.
// Usage: node run.mjs [WORKLOAD …]: with names, runs only these workloads and prints the results instead.
// ROUNDS=N sets the number of rounds.
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { table } from './report.mjs';
import bill from './workloads/bill.mjs';
import compare from './workloads/compare.mjs';
import fleet from './workloads/fleet.mjs';
import hundred from './workloads/hundred.mjs';
import latency from './workloads/latency.mjs';
import stampede from './workloads/stampede.mjs';
import start from './workloads/start.mjs';
import wide from './workloads/wide.mjs';

const WORKLOADS = { compare, bill, stampede, latency, hundred, wide, fleet, start };
const ROUNDS = Number(process.env.ROUNDS ?? 5);
if (!(Number.isInteger(ROUNDS) && ROUNDS > 0)) {
  console.error('ROUNDS must be a whole number, 1 or more');
  process.exit(1);
}
const names = process.argv.slice(2);
const unknown = names.filter((name) => !Object.hasOwn(WORKLOADS, name));
if (unknown.length > 0) {
  console.error(`unknown workload: ${unknown.join(', ')}; known: ${Object.keys(WORKLOADS).join(', ')}`);
  process.exit(1);
}

const results = [];
for (const [name, work] of Object.entries(WORKLOADS)) {
  if (names.length > 0 && !names.includes(name)) continue;
  const result = await work(ROUNDS);
  console.log(`${result.text}\n`);
  results.push(result);
}

const goals = table(
  ['workload', 'goal', 'measured', 'met'],
  results
    .flatMap((result) => result.goals)
    .map(([workload, goal, measured, isMet]) => [workload, goal, measured, isMet ? 'yes' : '**no**']),
);
console.log(goals);
if (names.length === 0) {
  const [{ model }] = cpus();
  writeFileSync(
    new URL('results.md', import.meta.url),
    `# Results

\`npm run bench\` writes this page. CPU is the CPU time of a server's process per request. Numbers are medians of ${ROUNDS}
interleaved rounds. All servers take part in one run and use the same upstream, the sandbox in a process of its own. The
gateway runs with everything that production needs: API keys, a rate limit, budgets, the estimate, the cost extension,
metrics, the log and the ledger. Its peers have none of these. Hive Gateway and Tailcall cannot sign a call as QCC requires,
so a proxy in the upstream's process signs for them.

Node ${process.versions.node}, ${cpus().length} × ${model}.

${goals}

${results.map(({ text }) => text).join('\n\n')}
`,
  );
}
