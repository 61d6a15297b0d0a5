// Two gateways on one DATA_DIR at saturation, with faults injected, for so many minutes. Exits 1 on anything wrong.
// Usage: npm run soak -- [MINUTES]
import { setTimeout as sleep } from 'node:timers/promises';
import { Answers } from '../dist/sandbox/answers.js';
import { startSandbox } from '../dist/sandbox/server.js';
import { makeFolder, startGateway } from './gateway.mjs';

const minutes = Number(process.argv[2] ?? 10);
const CLIENTS = 48;
const COMPANIES = 4000;
const FAULTS = [
  'hang',
  'drip',
  'reset',
  'reset-midway',
  'truncated',
  'html',
  'huge',
  'gzip-bomb',
  'http:500',
  'status:203',
  'status:120',
  'wrong-shape',
  'details:reset',
];
/** What may be told of a question that could not be answered. */
const HONEST = /^(UPSTREAM_(TIMEOUT|UNREACHABLE|BAD_RESPONSE|FAILURE|BUSY|QUOTA_EXHAUSTED)|OVERLOADED)$/;

const truth = new Answers();
const sandbox = await startSandbox({ latency: 5 });
const env = {
  DATA_DIR: makeFolder(),
  QCC_TIMEOUT: '1s',
  QCC_MAX_CONCURRENCY: '20',
  BUDGET_PER_DAY: '900000',
  RATE_LIMIT_PER_CLIENT: '100000000/1m',
};
/** With a small heap what leaks shows soon: V8 lets a heap that has room grow. */
const SMALL = ['--max-old-space-size=256'];
const gateways = [await startGateway(sandbox.url, env, SMALL), await startGateway(sandbox.url, env, SMALL)];
const counts = { answers: 0, refusals: 0, left: 0, wrong: 0 };
const wrong = (what) => {
  counts.wrong += 1;
  if (counts.wrong < 20) console.error('WRONG', what);
};

/** Few are asked often, many seldom. */
const pickCompany = () => Math.floor(COMPANIES ** Math.random());
const rowsOf = (key, first, offset) => {
  const rows = [];
  for (let page = Math.floor(offset / 20) + 1; (page - 1) * 20 < offset + first; page += 1) {
    const { Result, Paging } = truth.list(
      key,
      { index: page, size: 20 },
      { kind: 'rows', length: Number(key.split(':')[2]) },
      '',
    );
    for (const [index, row] of (Result?.Data ?? []).entries()) {
      const at = (page - 1) * 20 + index;
      if (at >= offset && at < offset + first && at < Paging.TotalRecords) rows.push(row);
    }
  }
  return rows;
};

async function askOnce(gateway) {
  const dice = Math.random();
  if (dice < 0.03) {
    const fault = FAULTS[Math.floor(Math.random() * FAULTS.length)];
    const { body } = await gateway.ask(
      `{ company(searchKey: "sandbox:${fault}") { endCases(first: 5) { nodes { detail { certificateNo } } } } }`,
    );
    if (!body.errors?.length && fault !== 'details:reset') wrong(`${fault} gave no error`);
    counts.refusals += 1;
    return;
  }
  const length = pickCompany();
  const key = `sandbox:rows:${length}`;
  const [first, offset] = [
    1 + Math.floor(Math.random() * 25),
    Math.random() < 0.3 ? Math.floor(Math.random() * 40) : 0,
  ];
  const detail = Math.random() < 0.3;
  const query = `{ company(searchKey: "${key}") { endCases(first: ${first}, offset: ${offset}) { totalCount nodes { id caseNo ${detail ? 'detail { caseNo certificateNo }' : ''} } } } }`;
  if (dice < 0.06) {
    await gateway.ask(query, { signal: AbortSignal.timeout(3) }).catch(() => undefined);
    counts.left += 1;
    return;
  }
  const { status, body } = await gateway.ask(query);
  const dishonest = body.errors?.find(({ extensions }) => !HONEST.test(extensions.code));
  if (dishonest) return wrong(`${status} ${JSON.stringify(dishonest)}`);
  const connection = body.data?.company?.endCases;
  if (!connection) {
    counts.refusals += 1;
    return;
  }
  const expected = rowsOf(key, first, offset);
  if (connection.totalCount !== length) wrong(`${key}: ${connection.totalCount} cases`);
  if (connection.nodes.map(({ id }) => id).join() !== expected.map(({ Id }) => Id).join())
    wrong(`${key}: other cases`);
  for (const [index, node] of connection.nodes.entries()) {
    if (node.caseNo !== expected[index]?.CaseNo) wrong(`${key}: another number`);
    if (!detail || !node.detail) continue;
    const { Result } = truth.detail(node.id, undefined, '');
    if (node.detail.certificateNo !== Result.CerNo || node.detail.caseNo !== node.caseNo)
      wrong(`${key}: another detail`);
  }
  counts.answers += 1;
}

const end = Date.now() + minutes * 60_000;
const client = async (index) => {
  while (Date.now() < end) await askOnce(gateways[index % 2]).catch((error) => wrong(error.cause ?? error));
};
const memory = [];
const bought = new Map();
let calls = 0;
/** Takes what the sandbox has written down: its own log has an end. */
function takeLog() {
  calls += sandbox.statistics.total.calls;
  for (const { method, parameters, status } of sandbox.statistics.log) {
    if (status !== '200' && status !== '201') continue;
    const question = JSON.stringify([method, parameters]);
    bought.set(question, (bought.get(question) ?? 0) + 1);
  }
  sandbox.statistics.reset();
}

/** Refuses everything for a moment, once a minute, and looks at the memory. */
const weather = async () => {
  for (let turn = 0; Date.now() < end - 15_000; turn += 1) {
    await sleep(12_000);
    for (const status of ['120', '203', '777']) {
      if (turn % 5 !== 4) break;
      sandbox.setRefusal(status);
      await sleep(400);
      sandbox.setRefusal(undefined);
    }
    takeLog();
    memory.push(gateways.map((gateway) => gateway.memory().own));
    console.log(JSON.stringify({ ...counts, calls, memory: memory.at(-1).map(Math.round) }));
  }
};
const began = process.cpuUsage();
await Promise.all([weather(), ...Array.from({ length: CLIENTS }, (_, index) => client(index))]);

takeLog();
const twice = [...bought].filter(([question, times]) => times > 1 && !question.includes('wrong-shape'));
const codes = await Promise.all(gateways.map((gateway) => gateway.stop()));
const mean = (samples) =>
  samples.flat().reduce((sum, one) => sum + one, 0) / Math.max(1, samples.flat().length);
const third = Math.ceil(memory.length / 3);
const { user, system } = process.cpuUsage(began);
console.log({
  ...counts,
  calls,
  questions: bought.size,
  twice: twice.length,
  exit: codes,
  memory: `middle third ${mean(memory.slice(third, -third)).toFixed(0)} MB, last third ${mean(memory.slice(-third)).toFixed(0)} MB`,
  cpuOfThisScript: `${((user + system) / 1e6).toFixed(0)} s`,
});
for (const [question, times] of twice.slice(0, 10)) console.error('TWICE', times, question);
await sandbox.close();
process.exit(counts.wrong > 0 || twice.length > 0 || codes.some((code) => code !== 0) ? 1 : 0);
