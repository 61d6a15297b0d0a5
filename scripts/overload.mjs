// Sends a gateway with a 256 MB heap twenty times the work that its upstream can do, and measures what becomes of it: 10 places
// of 200 ms, and operations for 100 cases with details. Small and cached queries run beside them. Prints a table, and exits
// with 1 if a goal is missed.
// Usage: npm run build && node scripts/overload.mjs [SECONDS] [burst]: with burst, the operations of all these seconds come at
// once. Then there is no goal for capacity and times.
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox } from '../dist/sandbox/server.js';
import { startGateway } from './gateway.mjs';

const SECONDS = Number(process.argv[2] ?? 40);
const isBurst = process.argv[3] === 'burst';
const PLACES = 10;
const LATENCY = 200;
/** Pages and details of 100 cases. */
const CALLS = 105;
const CAPACITY = (PLACES * 1000) / LATENCY;
const OVERLOAD = 20;
const OPERATIONS = Math.round((SECONDS * OVERLOAD * CAPACITY) / CALLS);
/** Milliseconds between two small queries, and between two cached ones. */
const SMALL_INTERVAL = 1000;
const CACHED_INTERVAL = 100;

const sandbox = await startSandbox({ latency: LATENCY });
const env = { QCC_MAX_CONCURRENCY: String(PLACES), LOG_LEVEL: 'info' };
const gateway = await startGateway(sandbox.url, env, ['--max-old-space-size=256']);

const LARGE =
  'query ($searchKey: String!) { company(searchKey: $searchKey) { endCases(first: 100) { nodes { caseNo detail { certificateNo } } } } }';
const SMALL = 'query ($searchKey: String!) { company(searchKey: $searchKey) { hasEndCases } }';
const CACHED_COMPANY = 50;
let companies = 100;
function nextCompany() {
  companies += 1;
  return companies;
}

/** Sends a query for a company with so many cases. Returns the HTTP status (0: the process has ended), the milliseconds and whether its answer is whole. */
async function send(query, company) {
  const began = performance.now();
  const answer = await gateway
    .query(query, { variables: { searchKey: `sandbox:rows:${company}` } })
    .catch(() => ({ status: 0, body: { errors: [] } }));
  const { status, body, retryAfter } = answer;
  return {
    status,
    duration: performance.now() - began,
    isWhole: status === 200 && body.errors === undefined,
    retryAfter,
  };
}

const quantile = (numbers, share) =>
  [...numbers].sort((one, other) => one - other)[Math.floor((numbers.length - 1) * share)] ?? Number.NaN;
const durationsOf = (answers) => answers.map(({ duration }) => duration);

/** Sends a query again and again, one answer after the other. */
async function repeat(sendOne, interval, hasEnded) {
  const answers = [];
  while (!hasEnded()) {
    answers.push(await sendOne());
    await sleep(interval);
  }
  return answers;
}

/** Some answers on a gateway that has nothing else to do. */
async function sendIdle(count, sendOne) {
  const answers = [];
  for (let index = 0; index < count; index += 1) answers.push(await sendOne());
  return answers;
}

const sendSmall = () => send(SMALL, nextCompany());
const sendCached = () => send(SMALL, CACHED_COMPANY);
await sendIdle(5, sendCached);
const idleSmall = await sendIdle(10, sendSmall);
const idleCached = await sendIdle(50, sendCached);
sandbox.statistics.reset();

let hasEnded = false;
const beside = [
  repeat(sendSmall, SMALL_INTERVAL, () => hasEnded),
  repeat(sendCached, CACHED_INTERVAL, () => hasEnded),
];
const began = performance.now();
const operations = [];
for (let index = 0; index < OPERATIONS; index += 1) {
  operations.push(send(LARGE, nextCompany()));
  if (!isBurst) await sleep(began + ((index + 1) * SECONDS * 1000) / OPERATIONS - performance.now());
}
const answers = await Promise.all(operations);
const seconds = (performance.now() - began) / 1000;
hasEnded = true;
const [besideSmall, besideCached] = await Promise.all(beside);
const { calls } = sandbox.statistics.total;

const whole = answers.filter(({ isWhole }) => isWhole);
const refused = answers.filter(({ status, retryAfter }) => status === 503 && retryAfter !== null);
const ended = answers.filter(({ status }) => status === 0);
const partial = answers.length - whole.length - refused.length - ended.length;
const share = (whole.length * CALLS) / (CAPACITY * seconds);
const refusal = quantile(durationsOf(refused), 0.99);
const [smallIdle, smallBeside] = [idleSmall, besideSmall].map((each) => quantile(durationsOf(each), 0.5));
const [cachedIdle, cachedBeside] = [idleCached, besideCached].map((each) => quantile(durationsOf(each), 0.5));
const ms = (number) => `${number.toFixed(number < 10 ? 1 : 0)} ms`;
const rows = [
  ['operations', '', `${answers.length} in ${seconds.toFixed(0)} s`, true],
  ['answered whole', '', String(whole.length), true],
  ['answered in part', '', String(partial), true],
  ['the process ends', 'never', ended.length === 0 ? 'never' : 'yes', ended.length === 0],
  ['capacity that goes to whole answers', 'over 80 %', `${(share * 100).toFixed(0)} %`, share > 0.8],
  ['calls bought', '', `${calls}, ${(calls / CALLS).toFixed(1)} operations' worth`, true],
  [
    'refused with 503 and `Retry-After`',
    'all others',
    String(refused.length),
    refused.length + whole.length === answers.length,
  ],
  ['a refusal takes (99th percentile)', 'under 100 ms', ms(refusal), refusal < 100],
  [
    'a small query takes (median)',
    'under twice its idle time',
    `${ms(smallBeside)}, idle ${ms(smallIdle)}`,
    smallBeside < 2 * smallIdle && besideSmall.every(({ isWhole }) => isWhole),
  ],
  [
    'a cached query takes (median)',
    'as idle',
    `${ms(cachedBeside)}, idle ${ms(cachedIdle)}`,
    cachedBeside < 2 * cachedIdle && besideCached.every(({ isWhole }) => isWhole),
  ],
  ['peak of the memory', '', ended.length === 0 ? `${gateway.memory().peak.toFixed(0)} MB` : '', true],
];
const isGoal = (goal) => goal !== '' && (!isBurst || goal === 'never' || goal === 'all others');
console.log('| | goal | measured | met |\n|---|---|---|---|');
for (const [what, goal, measured, isMet] of rows) {
  console.log(`| ${what} | ${goal} | ${measured} | ${!isGoal(goal) ? '' : isMet ? 'yes' : '**no**'} |`);
}
if (ended.length === 0) await gateway.stop();
await sandbox.close();
process.exit(rows.every(([, goal, , isMet]) => isMet || !isGoal(goal)) ? 0 : 1);
