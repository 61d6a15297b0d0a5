// Measures the embedded store after years of use: a million rows of the ledger and a million small answers, beside an
// empty store. Prints the start, a sweep, a commit, and the CPU of a cold and of a warm request.
// Needs Linux (it reads CPU time from /proc) and 4 GB of free disk, which it gives back. Takes a few minutes.
// Usage: npm run build && node scripts/store-years.mjs [DIST]
// DIST: the folder of another build to measure, such as one of an earlier version. It must be inside this repository.
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startSandbox } from '../dist/sandbox/server.js';
import { makeDataDir, startGateway } from './gateway.mjs';

const dist = resolve(process.argv[2] ?? 'dist');
const load = (file) => import(pathToFileURL(join(dist, file)).href);
const { EmbeddedStore } = await load('store/embedded/embedded-store.js');
const { parseConfig } = await load('config/config.js');
const { storeSettings } = await load('config/store-settings.js');
const { encode } = await load('cache/entry.js');
const { encodeRow } = await load('ledger/row.js');
const { labelOf } = await load('ledger/hourly-usage.js');
const { Ledger } = await load('ledger/ledger.js');

const COUNT = Number(process.env.COUNT ?? 1_000_000);
/** How many writes are committed together while a store is filled. Large commits would leave large lists of free pages. */
const CHUNK = 200;
const DAY = 86_400_000;
const RETENTION = 400 * DAY;
const LIFETIMES = [14 * DAY, 8 * DAY];
/** Requests to one gateway before the other one has its turn. */
const BLOCK = 100;
const ROUNDS = 15;
const WARM_UP_ROUNDS = 5;
const STARTS = 3;
const EXPIRED = 100;
const COMMITS = 1000;
const TICKS_PER_SECOND = 100;

const sandbox = await startSandbox();
const settingsFor = (folder) =>
  storeSettings(
    parseConfig({
      QCC_KEY: 'sandbox-key',
      QCC_SECRET_KEY: 'sandbox-secret',
      QCC_BASE_URL: sandbox.url,
      DATA_DIR: folder,
    }),
    Date.now,
    () => undefined,
  );
const openStore = (folder) => new EmbeddedStore(join(folder, 'store'), settingsFor(folder).namespace);

/** An answer of about 700 bytes, as that to GetDetail is. */
function answerOf(receivedAt) {
  const text = randomBytes(240).toString('hex');
  return encode({
    kind: 'answer',
    data: { id: text.slice(0, 32), text },
    status: '200',
    orderNumber: text.slice(0, 24),
    receivedAt,
  });
}
const newKey = () => `exact ${createHash('sha256').update(randomBytes(16)).digest('base64url')}`;

async function putAnswers(store, count) {
  for (let done = 0; done < count; done += CHUNK) {
    const writes = Array.from({ length: Math.min(CHUNK, count - done) }, (_, index) => {
      const lifetime = LIFETIMES[index % LIFETIMES.length];
      // None expires while this measures.
      const receivedAt = Date.now() - Math.floor(Math.random() * (lifetime - DAY));
      return store.entries.put(newKey(), answerOf(receivedAt), receivedAt + lifetime, receivedAt);
    });
    await Promise.all(writes);
  }
}

async function appendRows(store, count) {
  const first = Date.now() - RETENTION + DAY;
  for (let done = 0; done < count; done += CHUNK) {
    const writes = Array.from({ length: Math.min(CHUNK, count - done) }, (_, index) => {
      const at = Math.floor(first + ((done + index) / count) * (RETENTION - DAY));
      const row = {
        at,
        client: `client ${index % 10}`,
        operation: 'Screen',
        method: 'GetDetail',
        subject: { id: randomBytes(16).toString('hex') },
        status: '200',
        orderNumber: randomBytes(12).toString('hex'),
        billed: 'yes',
        price: '0.3',
        latency: 200,
      };
      return store.journal.append({
        key: Ledger.newKey(at),
        bytes: encodeRow(row),
        label: labelOf(row, RETENTION),
      });
    });
    await Promise.all(writes);
  }
}

async function filledFolder() {
  const folder = makeDataDir();
  const store = openStore(folder);
  // All rows are counted: no start has to count those of an earlier version.
  await store.counters.add('uncounted rows', new Map([['done', 1]]), Date.now() + RETENTION);
  await appendRows(store, COUNT);
  await putAnswers(store, COUNT);
  // The first sweep of a store indexes the counters that an earlier version may have written.
  await store.sweep();
  await store.close();
  return folder;
}

/** Seconds of CPU that a process has used, with those of the children that it has waited for. */
function cpuOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_PER_SECOND;
}

const start = (folder) => startGateway(sandbox.url, { DATA_DIR: folder }, [], join(dist, 'main.js'));

/** The fastest of some starts, in milliseconds until the start line. */
async function measureStart(folder) {
  const times = [];
  for (let count = 0; count < STARTS; count += 1) {
    const began = performance.now();
    const gateway = await start(folder);
    times.push(performance.now() - began);
    await gateway.stop();
  }
  return Math.min(...times);
}

async function measureSweep(folder) {
  const store = openStore(folder);
  await Promise.all(
    Array.from({ length: EXPIRED }, () => store.entries.put(newKey(), answerOf(0), Date.now() - 1, 0)),
  );
  const before = process.cpuUsage();
  await store.sweep();
  const { user, system } = process.cpuUsage(before);
  await store.close();
  return (user + system) / 1000;
}

/** Milliseconds of CPU of a commit with one answer. */
async function measureCommit(folder) {
  const store = openStore(folder);
  const answer = answerOf(Date.now());
  const before = process.cpuUsage();
  for (let count = 0; count < COMMITS; count += 1) {
    const receivedAt = Date.now();
    await store.entries.put(newKey(), answer, receivedAt + LIFETIMES[0], receivedAt);
  }
  const { user, system } = process.cpuUsage(before);
  await store.close();
  return (user + system) / 1000 / COMMITS;
}

/** Sends requests to the gateways in turns, so that a busy machine affects all alike. Returns the CPU of each in ms. */
async function measureRequests(gateways, name, rounds) {
  const spent = gateways.map(() => 0);
  for (let round = 0; round < rounds; round += 1) {
    for (const [which, gateway] of gateways.entries()) {
      const before = cpuOf(gateway.pid);
      for (let index = round * BLOCK; index < (round + 1) * BLOCK; index += 1) {
        const query = `{ company(searchKey: "${name}${index}") { hasEndCases } }`;
        const { body } = await gateway.query(query);
        if (body.errors) throw new Error(JSON.stringify(body.errors));
      }
      spent[which] += cpuOf(gateway.pid) - before;
    }
  }
  return spent.map((seconds) => (seconds / (rounds * BLOCK)) * 1000);
}

/** Starts gateways on folders, and lets the first requests compile their code. */
async function startAll(folders, name) {
  const gateways = await Promise.all(folders.map(start));
  await measureRequests(gateways, name, WARM_UP_ROUNDS);
  return gateways;
}

const folders = [makeDataDir(), await filledFolder()];
const size = statSync(join(folders[1], 'store', 'data.mdb')).size / 1024 ** 2;
const results = { start: [], sweep: [], commit: [] };
for (const folder of folders) {
  results.start.push(await measureStart(folder));
  results.sweep.push(await measureSweep(folder));
  results.commit.push(await measureCommit(folder));
}
const buyers = await startAll(folders, '预热');
results.cold = await measureRequests(buyers, '公司', ROUNDS);
await Promise.all(buyers.map(({ stop }) => stop()));
const readers = await startAll(folders, '再热');
results.fromStore = await measureRequests(readers, '公司', ROUNDS);
results.fromMemory = await measureRequests(readers, '公司', ROUNDS);
await Promise.all(readers.map(({ stop }) => stop()));
console.log(`${COUNT} rows, ${COUNT} answers: a file of ${Math.round(size)} MB`);
console.log('| | empty | full |\n|---|---|---|');
for (const [key, title, digits] of [
  ['start', 'start, ms', 0],
  ['sweep', `sweep with ${EXPIRED} expired answers, ms of CPU`, 1],
  ['commit', 'commit of one answer, ms of CPU', 3],
  ['cold', 'request that buys one answer, ms of CPU', 2],
  ['fromStore', 'request answered from the store, ms of CPU', 2],
  ['fromMemory', 'request answered from memory, ms of CPU', 2],
]) {
  console.log(`| ${title} | ${results[key].map((value) => value.toFixed(digits)).join(' | ')} |`);
}
await sandbox.close();
