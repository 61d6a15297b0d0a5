// Measures the gateway beside its peers, in interleaved rounds, and writes results.md. Linux: CPU time is read from /proc.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { SANDBOX_CREDENTIALS } from '../dist/sandbox/server.js';
import { clientOf, median, quantile, run, start } from './process.mjs';

const ROUNDS = Number(process.env.ROUNDS ?? 5);
const WARM = 1500;
const COLD = 60;
const API_KEY = 'bench-key';
const QUERY = `query Cases($key: String!, $first: Int!) { company(searchKey: $key) { endCases(first: $first) { totalCount nodes {
  id caseNo court filingDate endDate enforcementAmount unperformedAmount detail { id certificateNo judgmentDebtor { keyNo name } } } } } }`;

const folder = mkdtempSync(join(tmpdir(), 'endcase-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
let folders = 0;
const credentials = (upstream) => ({
  QCC_KEY: SANDBOX_CREDENTIALS.key,
  QCC_SECRET_KEY: SANDBOX_CREDENTIALS.secretKey,
  QCC_BASE_URL: upstream,
});

/** The gateway with all that production has on. */
const ours = (upstream, env = {}) => {
  folders += 1;
  return start('../dist/main.js', [], {
    ...credentials(upstream),
    PORT: '0',
    DATA_DIR: join(folder, String(folders)),
    AUTH_API_KEYS: `bench:${createHash('sha256').update(API_KEY).digest('hex')}:endcases:pii`,
    RATE_LIMIT_PER_CLIENT: '100000000/1m',
    BUDGET_PER_DAY: '100000000',
    BUDGET_PER_CLIENT_PER_DAY: '100000000',
    MAX_CALLS_PER_OPERATION: '10000',
    QCC_MAX_CONCURRENCY: '64',
    QCC_PRICE_GETLIST: '1',
    QCC_PRICE_GETDETAIL: '0.5',
    ...env,
  });
};
const PEERS = {
  'endcase-gateway': ours,
  'Apollo Server, DataLoader, axios (by hand)': (upstream) =>
    start('servers/handwritten.mjs', [], credentials(upstream)),
  'Apollo Server, datasource-rest': (upstream) =>
    start('servers/datasource-rest.mjs', [], credentials(upstream)),
  'Mercurius, JIT and cache, undici': (upstream) => start('servers/mercurius.mjs', [], credentials(upstream)),
  'GraphQL Yoga, response cache': (upstream) => start('servers/yoga.mjs', [], credentials(upstream)),
};
const HEADERS = { authorization: `Bearer ${API_KEY}` };

/** Upstream calls since the last look. */
async function callsOf(upstream) {
  const url = new URL('/sandbox/tally', upstream.url);
  const { total } = await (await fetch(url)).json();
  await fetch(url, { method: 'DELETE' });
  return total.calls;
}

/** CPU time a request, in milliseconds, of each server in turn; the median of all rounds. */
async function measure(upstream, servers, count, atOnce, work) {
  const cpu = servers.map(() => []);
  const took = servers.map(() => []);
  const calls = servers.map(() => 0);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, { server, client }] of servers.entries()) {
      await callsOf(upstream);
      const before = server.cpu();
      took[index].push(...(await run(count, atOnce, (number) => work(client, round * count + number))));
      cpu[index].push((server.cpu() - before) / count);
      calls[index] += await callsOf(upstream);
    }
  }
  return servers.map(({ name }, index) => ({
    name,
    cpu: median(cpu[index]),
    p50: quantile(took[index], 0.5),
    p99: quantile(took[index], 0.99),
    calls: calls[index] / (ROUNDS * count),
  }));
}

async function startAll(upstream, names = Object.keys(PEERS)) {
  return Promise.all(
    names.map(async (name) => {
      const server = await PEERS[name](upstream.url);
      return { name, server, client: clientOf(server.url, name === 'endcase-gateway' ? HEADERS : {}) };
    }),
  );
}
const stopAll = (servers) =>
  Promise.all(servers.map(async ({ server, client }) => Promise.all([client.close(), server.stop()])));

async function compare() {
  const upstream = await start('upstream.mjs');
  const servers = await startAll(upstream);
  // What is compiled, connected and read for the first time is no part of it.
  for (const { client } of servers) {
    await run(40, 8, (index) => client.ask(QUERY, { key: `sandbox:rows:${20 + index}`, first: 20 }));
    await run(500, 16, () => client.ask(QUERY, { key: 'sandbox:rows:20', first: 20 }));
  }
  const warm = await measure(upstream, servers, WARM, 16, (client) =>
    client.ask(QUERY, { key: 'sandbox:rows:20', first: 20 }),
  );
  const cold = await measure(upstream, servers, COLD, 8, (client, number) =>
    client.ask(QUERY, { key: `sandbox:rows:${1000 + number}`, first: 20 }),
  );
  await stopAll(servers);
  await upstream.stop();
  return { warm, cold };
}

/** One page with details before an upstream that takes 50 ms: two round trips are 100. */
async function latency() {
  const upstream = await start('upstream.mjs', ['50']);
  const servers = await startAll(upstream);
  for (const { client } of servers) {
    await run(4, 2, (index) => client.ask(QUERY, { key: `sandbox:rows:${20 + index}`, first: 20 }));
  }
  const rows = await measure(upstream, servers, 10, 1, (client, number) =>
    client.ask(QUERY, { key: `sandbox:rows:${2000 + number}`, first: 20 }),
  );
  await stopAll(servers);
  await upstream.stop();
  return rows;
}

/** A fixed trace of windows: what it calls upstream, and the least that it could. */
async function bill() {
  const upstream = await start('upstream.mjs');
  let seed = 42;
  const random = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
  const light =
    'query Rows($key: String!, $first: Int!) { company(searchKey: $key) { endCases(first: $first) { totalCount nodes { id caseNo } } } }';
  const trace = Array.from({ length: 600 }, () => ({
    key: `sandbox:rows:${20 + Math.floor(100 ** random())}`,
    first: 1 + Math.floor(random() * 20),
    query: random() < 0.5 ? QUERY : light,
  }));
  const pages = new Set(trace.map(({ key }) => key));
  const details = new Set(
    trace.flatMap(({ key, first, query }) =>
      query === QUERY ? Array.from({ length: first }, (_, row) => `${key} ${row}`) : [],
    ),
  );
  const least = pages.size + details.size;
  const rows = [];
  for (const name of Object.keys(PEERS)) {
    const [one] = await startAll(upstream, [name]);
    await callsOf(upstream);
    await run(trace.length, 4, (index) => {
      const { key, first, query } = trace[index];
      return one.client.ask(query, { key, first });
    });
    rows.push({ name, calls: await callsOf(upstream) });
    await stopAll([one]);
  }
  await upstream.stop();
  return { least, rows };
}

/** From the start of the process to its first answer, and what it holds a while after. */
async function startUp() {
  const upstream = await start('upstream.mjs');
  const first = [];
  const idle = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const server = await ours(upstream.url);
    const client = clientOf(server.url, HEADERS);
    await client.ask('query First($key: String!) { company(searchKey: $key) { searchKey } }', {
      key: 'sandbox:rows:20',
    });
    first.push(performance.now() - server.began);
    await new Promise((resolve) => setTimeout(resolve, 2000));
    idle.push(server.memory());
    await client.close();
    await server.stop();
  }
  await upstream.stop();
  return { first: median(first), idle: median(idle) };
}

const table = (columns, rows) =>
  [columns, columns.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
const times = (value, other) => `${(value / other).toFixed(2)} ×`;
const [{ model }] = cpus();

const { warm, cold } = await compare();
console.table(warm);
console.table(cold);
const slow = await latency();
console.table(slow);
const { least, rows: billed } = await bill();
console.table(billed);
const started = await startUp();
console.table([started]);

const oursOf = (rows) => rows.find(({ name }) => name === 'endcase-gateway');
const best = (rows) =>
  rows
    .filter(({ name }) => name !== 'endcase-gateway')
    .reduce((one, other) => (other.cpu < one.cpu ? other : one));
const byHand = cold.find(({ name }) => name.includes('by hand'));
const chart = (title, rows) => `\`\`\`mermaid
xychart-beta horizontal
    title "${title}"
    x-axis [${rows.map(({ name }) => `"${name}"`).join(', ')}]
    y-axis "ms"
    bar [${rows.map(({ cpu }) => cpu.toFixed(3)).join(', ')}]
\`\`\``;
const cpuTable = (rows) =>
  table(
    ['server', 'CPU a request', 'of the gateway’s', 'p50', 'p99', 'upstream calls a request'],
    rows.map(({ name, cpu, p50, p99, calls }) => [
      name,
      `${cpu.toFixed(3)} ms`,
      times(cpu, oursOf(rows).cpu),
      `${p50.toFixed(1)} ms`,
      `${p99.toFixed(1)} ms`,
      calls.toFixed(2),
    ]),
  );

writeFileSync(
  new URL('results.md', import.meta.url),
  `# Results

Written by \`npm run bench\`: CPU time of the server's process a request, medians of ${ROUNDS} interleaved rounds, all servers in one run
before the same upstream (the sandbox, in a process of its own). The gateway has on what production would: API keys, a
rate limit, budgets, the estimate, the cost extension, metrics, the log and the ledger; its peers have none of these.

Node ${process.versions.node}, ${cpus().length} × ${model}.

## Warm: 20 cases with details, all bought before

${cpuTable(warm)}

${chart('Warm: CPU a request', warm)}

The gateway takes ${times(oursOf(warm).cpu, best(warm).cpu)} of the best peer (${best(warm).name}).

## Cold: the same, every answer bought (21 calls)

${cpuTable(cold)}

${chart('Cold: CPU a request', cold)}

The gateway takes ${times(oursOf(cold).cpu, byHand.cpu)} of the server by hand, and ${times(oursOf(cold).cpu, best(cold).cpu)} of the best peer (${best(cold).name}).

## Latency: upstream answers in 50 ms, nothing bought before

${table(
  ['server', 'p50', 'of two round trips'],
  slow.map(({ name, p50 }) => [name, `${p50.toFixed(0)} ms`, times(p50, 100)]),
)}

## Bill: 600 windows of a fixed trace

The least that answers it is ${least} calls: each distinct page of 20, and each distinct detail, once.

${table(
  ['server', 'upstream calls', 'of the least'],
  billed.map(({ name, calls }) => [name, String(calls), times(calls, least)]),
)}

## Start

First answer after ${started.first.toFixed(0)} ms; ${started.idle.toFixed(0)} MB (its own, without mapped files) two seconds later.
`,
);
