// Measures the gateway beside its peers, in interleaved rounds, and writes results.md. Linux: CPU time is read from /proc.
// Usage: node run.mjs [WORKLOAD …]: some of them only, and told instead of written.
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { table } from './report.mjs';
import bill from './workloads/bill.mjs';
import compare from './workloads/compare.mjs';
import fleet from './workloads/fleet.mjs';
import latency from './workloads/latency.mjs';
import stampede from './workloads/stampede.mjs';
import start from './workloads/start.mjs';
import wide from './workloads/wide.mjs';

const WORKLOADS = { compare, bill, stampede, latency, wide, fleet, start };
const ROUNDS = Number(process.env.ROUNDS ?? 5);
if (!(Number.isInteger(ROUNDS) && ROUNDS > 0)) {
  console.error('ROUNDS must be a whole number from 1 on.');
  process.exit(1);
}
const names = process.argv.slice(2);
const unknown = names.filter((name) => !(name in WORKLOADS));
if (unknown.length > 0) {
  console.error(
    `There is no workload ${unknown.join(', ')}; there are ${Object.keys(WORKLOADS).join(', ')}.`,
  );
  process.exit(1);
}

const measured = [];
for (const [name, work] of Object.entries(WORKLOADS)) {
  if (names.length > 0 && !names.includes(name)) continue;
  const result = await work(ROUNDS);
  console.log(`${result.text}\n`);
  measured.push(result);
}

const goals = table(
  ['workload', 'goal', 'measured', 'met'],
  measured
    .flatMap((result) => result.goals)
    .map(([...row]) => [...row.slice(0, 3), row[3] ? 'yes' : '**no**']),
);
console.log(goals);
if (names.length === 0) {
  const [{ model }] = cpus();
  writeFileSync(
    new URL('results.md', import.meta.url),
    `# Results

Written by \`npm run bench\`: CPU time of the server's process a request, medians of ${ROUNDS} interleaved rounds, all servers in
one run before the same upstream (the sandbox, in a process of its own). The gateway has on what production would: API keys,
a rate limit, budgets, the estimate, the cost extension, metrics, the log and the ledger; its peers have none of these.
Hive Gateway and Tailcall cannot sign a call as QCC wants it: a door in the upstream's process signs for them.

Node ${process.versions.node}, ${cpus().length} × ${model}.

${goals}

${measured.map(({ text }) => text).join('\n\n')}
`,
  );
}
