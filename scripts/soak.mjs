// Runs two gateways on one DATA_DIR, or on one Redis, at saturation for some minutes, with injected faults and ten kill -9.
// Compares every answer with the sandbox's data, every purchase with earlier ones, and the ledger with the sandbox's count.
// Exits 1 if anything is wrong.
// Usage: npm run soak -- [MINUTES] [redis]
import { setTimeout as sleep } from 'node:timers/promises';
import { statusRule } from '../dist/qcc/statuses.js';
import { Answers } from '../dist/sandbox/answers.js';
import { startSandbox } from '../dist/sandbox/server.js';
import { makeDataDir, startGateway } from './gateway.mjs';
import { startProcess } from './process.mjs';
import { checkLedger } from './soak-ledger.mjs';

const minutes = Number(process.argv[2] ?? 10);
const withRedis = process.argv[3] === 'redis';
const KILLS = 10;
const MAX_CONCURRENCY = 20;
const CLIENTS = 48;
const COMPANIES = 4000;
const PAGE_SIZE = 20;
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
/** Lists that are unusual, and serve all the same. */
const ODDITIES = ['overcount', 'contradiction', 'clamped', 'no-id', 'no-paging', 'odd-values'];
/** A list that contradicts itself is bought anew once: each of its pages at most so often. */
const MAX_PURCHASES_OF_ODDITY = 3;
/** The errors that the injected faults can cause. */
const EXPECTED_CODE =
  /^(UPSTREAM_(TIMEOUT|UNREACHABLE|BAD_RESPONSE|DATA_INVALID|FAILURE|BUSY|QUOTA_EXHAUSTED)|OVERLOADED)$/;
/** Milliseconds between two samples of the memory, and how many samples lie between two refusals. */
const SAMPLE_INTERVAL = 12_000;
const SAMPLES_PER_REFUSAL = 5;

const expectedAnswers = new Answers();
const sandbox = await startSandbox({ latency: 5 });
const redisPort = 6390;
const redis = withRedis
  ? await startProcess(
      'redis-server',
      ['--port', String(redisPort), '--save', '', '--appendonly', 'no'],
      {},
      /Ready to accept connections/,
    )
  : undefined;
const env = {
  ...(redis ? { REDIS_URL: `redis://127.0.0.1:${redisPort}` } : {}),
  QCC_TIMEOUT: '1s',
  QCC_MAX_CONCURRENCY: String(MAX_CONCURRENCY),
  BUDGET_PER_DAY: '900000',
  RATE_LIMIT_PER_CLIENT: '100000000/1m',
};
/** V8 lets the heap grow while there is room, so a leak shows sooner in a small heap. */
const SMALL_HEAP = ['--max-old-space-size=256'];
/** With Redis, each instance has a folder of its own. */
const folders = [makeDataDir(), withRedis ? makeDataDir() : undefined];
const envOf = (index) => ({ ...env, DATA_DIR: folders[index] ?? folders[0] });
const start = (index) => startGateway(sandbox.url, envOf(index), SMALL_HEAP);
const gateways = [await start(0), await start(1)];
const counts = { answers: 0, refusals: 0, disconnects: 0, kills: 0, lostByKill: 0, wrong: 0 };
function reportWrong(what) {
  counts.wrong += 1;
  if (counts.wrong < 20) console.error('WRONG', what);
}

/** A random number of cases, and so a company. Small numbers are frequent. */
const pickRowCount = () => Math.floor(COMPANIES ** Math.random());

/** The rows that a window of a company's list must contain. */
function expectedRows(searchKey, first, offset) {
  const rows = [];
  const firstPage = Math.floor(offset / PAGE_SIZE) + 1;
  for (let pageIndex = firstPage; (pageIndex - 1) * PAGE_SIZE < offset + first; pageIndex += 1) {
    const { Result } = expectedAnswers.list({ searchKey, pageIndex, pageSize: PAGE_SIZE }, undefined, '');
    rows.push(...(Result?.Data ?? []));
  }
  const skipped = offset - (firstPage - 1) * PAGE_SIZE;
  return rows.slice(skipped, skipped + first);
}

async function sendFaultyQuery(gateway) {
  const fault = FAULTS[Math.floor(Math.random() * FAULTS.length)];
  const { body } = await gateway.query(
    `{ company(searchKey: "sandbox:${fault}") { endCases(first: 5) { nodes { detail { certificateNo } } } } }`,
  );
  if (!body.errors?.length) reportWrong(`${fault} gave no error`);
  counts.refusals += 1;
}

async function sendOddQuery(gateway) {
  const oddity = ODDITIES[Math.floor(Math.random() * ODDITIES.length)];
  const offset = Math.random() < 0.5 ? 0 : Math.floor(Math.random() * 200);
  const { body } = await gateway.query(
    `{ company(searchKey: "sandbox:${oddity}") { endCases(first: 40, offset: ${offset}) { totalCount nodes { id } } } }`,
  );
  const unexpected = body.errors?.find(({ extensions }) => !EXPECTED_CODE.test(extensions.code));
  if (unexpected) reportWrong(`${oddity}: ${JSON.stringify(unexpected)}`);
  counts.answers += 1;
}

function compare(connection, searchKey, { rowCount, first, offset, withDetail }) {
  const expected = expectedRows(searchKey, first, offset);
  if (connection.totalCount !== rowCount) reportWrong(`${searchKey}: totalCount ${connection.totalCount}`);
  if (connection.nodes.map(({ id }) => id).join() !== expected.map(({ Id }) => Id).join())
    reportWrong(`${searchKey}: other cases`);
  for (const [index, node] of connection.nodes.entries()) {
    if (node.caseNo !== expected[index]?.CaseNo) reportWrong(`${searchKey}: another caseNo`);
    if (!withDetail || !node.detail) continue;
    const { Result } = expectedAnswers.detail(node.id, undefined, '');
    if (node.detail.certificateNo !== Result.CerNo || node.detail.caseNo !== node.caseNo)
      reportWrong(`${searchKey}: another detail`);
  }
}

async function sendQuery(gateway) {
  const dice = Math.random();
  if (dice < 0.03) return sendFaultyQuery(gateway);
  if (dice > 0.97) return sendOddQuery(gateway);
  const rowCount = pickRowCount();
  const first = 1 + Math.floor(Math.random() * 25);
  const offset = Math.random() < 0.3 ? Math.floor(Math.random() * 40) : 0;
  const withDetail = Math.random() < 0.3;
  const searchKey = `sandbox:rows:${rowCount}`;
  const query = `{ company(searchKey: "${searchKey}") { endCases(first: ${first}, offset: ${offset}) { totalCount nodes { id caseNo ${withDetail ? 'detail { caseNo certificateNo }' : ''} } } } }`;
  if (dice < 0.06) {
    await gateway.query(query, { signal: AbortSignal.timeout(3) }).catch(() => undefined);
    counts.disconnects += 1;
    return;
  }
  const { status, body } = await gateway.query(query);
  const unexpected = body.errors?.find(({ extensions }) => !EXPECTED_CODE.test(extensions.code));
  if (unexpected) return reportWrong(`${status} ${JSON.stringify(unexpected)}`);
  const connection = body.data?.company?.endCases;
  if (!connection) {
    counts.refusals += 1;
    return;
  }
  compare(connection, searchKey, { rowCount, first, offset, withDetail });
  counts.answers += 1;
}

const end = Date.now() + minutes * 60_000;
async function runClient(index) {
  while (Date.now() < end) {
    const gateway = gateways[index % gateways.length];
    try {
      await sendQuery(gateway);
    } catch (error) {
      if (!gateway.isKilled) reportWrong(error.cause ?? error);
      else {
        counts.lostByKill += 1;
        await sleep(100);
      }
    }
  }
}

/** Kills a gateway in the midst of its work, and starts it again on the same data. */
async function killAndRestart() {
  const pause = (minutes * 60_000) / (KILLS + 1);
  for (let kill = 0; kill < KILLS; kill += 1) {
    await sleep(pause);
    const index = kill % gateways.length;
    const gateway = gateways[index];
    gateway.isKilled = true;
    await gateway.stop('SIGKILL');
    counts.kills += 1;
    gateways[index] = await start(index);
  }
}

const memory = [];
/** How often each answer was bought, by method and parameters. */
const purchases = new Map();
/** The order numbers of every call that the sandbox bills. */
const billedNumbers = [];
const isBilled = (status) => statusRule(status).billed === true;
let calls = 0;
/** Moves the sandbox's log into `purchases`, before the log drops its oldest calls. */
function collectPurchases() {
  calls += sandbox.statistics.total.calls;
  for (const { method, parameters, status, orderNumber } of sandbox.statistics.log) {
    if (orderNumber !== null && isBilled(status)) billedNumbers.push(orderNumber);
    if (status !== '200' && status !== '201') continue;
    const answer = JSON.stringify([method, parameters]);
    purchases.set(answer, (purchases.get(answer) ?? 0) + 1);
  }
  sandbox.statistics.reset();
}

/** Samples the memory, and once a minute has the sandbox refuse every call for a moment. */
async function sampleAndRefuse() {
  for (let sample = 1; Date.now() < end - 15_000; sample += 1) {
    await sleep(SAMPLE_INTERVAL);
    for (const status of sample % SAMPLES_PER_REFUSAL === 0 ? ['120', '203', '777'] : []) {
      sandbox.setRefusal(status);
      await sleep(400);
      sandbox.setRefusal(undefined);
    }
    collectPurchases();
    memory.push(gateways.filter(({ isKilled }) => !isKilled).map((gateway) => gateway.memory().own));
    console.log(JSON.stringify({ ...counts, calls, memory: memory.at(-1).map(Math.round) }));
  }
}
const cpuBefore = process.cpuUsage();
await Promise.all([
  sampleAndRefuse(),
  killAndRestart(),
  ...Array.from({ length: CLIENTS }, (_, index) => runClient(index)),
]);

collectPurchases();
const isOddity = (answer) => ODDITIES.some((oddity) => answer.includes(`sandbox:${oddity}`));
const usage = await gateways[0].query('{ usage { total { calls billed maybeBilled } } }');
const exitCodes = await Promise.all(gateways.map((gateway) => gateway.stop()));
const { summary: ledger, maybes } = await checkLedger({
  env: { ...envOf(0), QCC_BASE_URL: sandbox.url },
  usage: usage.body.data?.usage.total,
  billedNumbers,
  calls,
  maxLost: counts.kills * MAX_CONCURRENCY,
});
/** As the ledger names an answer. */
const subjectOf = ([method, { id, searchKey, pageIndex }]) =>
  `${method} ${id ?? `${searchKey} #${pageIndex}`}`;
const bought = [...purchases].filter(
  ([answer, times]) => times > (isOddity(answer) ? MAX_PURCHASES_OF_ODDITY : 1),
);
// A kill loses an answer that has arrived and is not stored yet. The ledger has it as maybe billed, and it is bought again.
const repeated = bought.filter(
  ([answer, times]) => times - 1 > (maybes.get(subjectOf(JSON.parse(answer))) ?? 0),
);
const mean = (samples) =>
  samples.flat().reduce((sum, one) => sum + one, 0) / Math.max(1, samples.flat().length);
const third = Math.ceil(memory.length / 3);
const { user, system } = process.cpuUsage(cpuBefore);
console.log({
  ...counts,
  calls,
  answersBought: purchases.size,
  boughtTwice: repeated.length,
  boughtAgainAfterKill: bought.length - repeated.length,
  ledger,
  exitCodes,
  memory: `middle third ${mean(memory.slice(third, -third)).toFixed(0)} MB, last third ${mean(memory.slice(-third)).toFixed(0)} MB`,
  cpuOfThisScript: `${((user + system) / 1e6).toFixed(0)} s`,
});
for (const [answer, times] of repeated.slice(0, 10)) console.error('BOUGHT TWICE', times, answer);
await sandbox.close();
await redis?.stop();
process.exit(
  counts.wrong > 0 || repeated.length > 0 || ledger.faults.length > 0 || exitCodes.some((code) => code !== 0)
    ? 1
    : 0,
);
