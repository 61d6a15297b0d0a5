// Puts a gateway in front of each kind of faulty upstream, and writes what a client gets to docs/faults.md.
// Usage: npm run faults
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect, createServer as createTcpServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox } from '../dist/sandbox/server.js';
import { startGateway } from './gateway.mjs';

/** Milliseconds. */
const TIMEOUT = 1000;
const COLUMNS = [
  'fault',
  'the client gets',
  'sibling',
  'after',
  'calls',
  'calls when repeated',
  'memory: before → peak',
];
const rows = [];
function addRow(...cells) {
  rows.push(cells);
  console.log(cells.join(' | '));
}

const CARDS = {
  'no answer': 'hang',
  'a body that arrives one byte at a time and never ends': 'drip',
  'a reset after the request was read': 'reset',
  'a reset in the middle of the body': 'reset-midway',
  'truncated JSON': 'truncated',
  'HTML with HTTP 200': 'html',
  'a body of 3 MB': 'huge',
  'a gzip bomb: 100 KB that decompress to 100 MB': 'gzip-bomb',
  'a redirect': 'http:302',
  'HTTP 404': 'http:404',
  'HTTP 500': 'http:500',
  'HTTP 503': 'http:503',
  'status 200 with a wrong shape': 'wrong-shape',
  'status 203': 'status:203',
  'status 120, twice': 'busy-twice',
  'status 120, always': 'status:120',
  'a status in no table': 'status:777',
};

/** Queries a company beside a sound one, to see whether the sound one is affected. */
async function queryWithSibling(gateway, key) {
  const { status, body } = await gateway.query(
    `{ bad: company(searchKey: "${key}") { endCases(first: 5) { totalCount nodes { id } } } good: company(searchKey: "sandbox:rows:3") { hasEndCases } }`,
  );
  const error = body.errors?.find(({ path }) => path?.[0] === 'bad') ?? body.errors?.[0];
  const cost = body.extensions?.cost;
  return {
    got: `${status} \`${error?.extensions.code ?? 'data'}\``,
    siblingServed: typeof body.data?.good?.hasEndCases === 'boolean',
    calls: Object.values(cost?.calls ?? {}).reduce((sum, calls) => sum + calls, 0),
    billed: cost?.billed ?? 0,
    maybeBilled: cost?.maybeBilled ?? 0,
  };
}

async function timed(work) {
  const start = performance.now();
  const result = await work();
  return [result, `${((performance.now() - start) / 1000).toFixed(1)} s`];
}

/** Runs `work` with a new gateway, and with a function that describes how the gateway's memory has grown. */
async function withGateway(upstream, { env, nodeOptions }, work) {
  const gateway = await startGateway(upstream, env, nodeOptions);
  await sleep(300);
  gateway.resetPeak();
  const before = gateway.memory().peak;
  await work(gateway, () => `${before.toFixed(0)} → ${gateway.memory().peak.toFixed(0)} MB`);
  await gateway.stop('SIGKILL');
}

/** Adds a row for one fault. Without a card as its key, all of the upstream is faulty, and so is the sibling. */
async function measureFault(name, upstream, { key = '某某有限公司', nodeOptions } = {}) {
  const env = { QCC_TIMEOUT: `${TIMEOUT}ms` };
  await withGateway(upstream, { env, nodeOptions }, async (gateway, memory) => {
    const [first, time] = await timed(() => queryWithSibling(gateway, key));
    const { got, siblingServed, calls, billed, maybeBilled } = first;
    const sibling = siblingServed ? 'served' : key.startsWith('sandbox:') ? 'fails' : 'faulty too';
    const repeated = await queryWithSibling(gateway, key);
    const cost = `${calls} (${billed} billed, ${maybeBilled} maybe)`;
    addRow(name, got, sibling, time, cost, String(repeated.calls), memory());
  });
}

/** Measures the fault of a server that treats every request, or every connection, as `listener` does. */
async function measureServer(name, create, listener) {
  const sockets = new Set();
  const server = create(listener).on('connection', (socket) =>
    sockets.add(socket.on('error', () => undefined)),
  );
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  await measureFault(name, `http://127.0.0.1:${server.address().port}`);
  server.close();
  for (const socket of sockets) socket.destroy();
}

/** Many concurrent clients in front of an upstream that answers about fifty calls a second. */
async function measureFlood(name, count) {
  const slow = await startSandbox({ latency: 200 });
  await withGateway(slow.url, { env: { QCC_TIMEOUT: '2s' } }, async (gateway, memory) => {
    const query = (rowCount) =>
      gateway.query(`{ company(searchKey: "sandbox:rows:${rowCount}") { hasEndCases } }`);
    const statuses = {};
    const [, time] = await timed(() =>
      Promise.all(
        Array.from({ length: count }, async (_, index) => {
          const { status } = await query(index + 1);
          statuses[status] = (statuses[status] ?? 0) + 1;
        }),
      ),
    );
    const { status } = await query(999_999);
    const got = Object.entries(statuses).map(([code, times]) => `${times} × ${code}`);
    const after = status === 200 ? 'served after' : 'not served after';
    addRow(name, got.join(', '), after, time, String(slow.statistics.total.calls), '–', memory());
  });
  await slow.close();
}

/** Many clients that never complete their requests, and one ordinary client. */
async function measureSlowClients(name, count, upstream) {
  await withGateway(upstream, {}, async (gateway, memory) => {
    const { port } = new URL(gateway.url);
    const start = performance.now();
    const sockets = Array.from({ length: count }, () =>
      connect(Number(port), '127.0.0.1').on('error', () => undefined),
    );
    for (const socket of sockets) socket.resume().write('POST /graphql HTTP/1.1\r\nX-Slow: ');
    const drip = setInterval(() => {
      for (const socket of sockets) if (!socket.destroyed) socket.write('a');
    }, 500);
    await sleep(1000);
    const [{ got, siblingServed, calls }, time] = await timed(() =>
      queryWithSibling(gateway, 'sandbox:rows:7'),
    );
    while (sockets.some(({ destroyed }) => !destroyed)) await sleep(100);
    clearInterval(drip);
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    const sibling = siblingServed ? 'served' : 'fails';
    const others = `${got} for others; disconnected after ${seconds} s`;
    addRow(name, others, sibling, time, String(calls), '–', memory());
  });
}

const sandbox = await startSandbox();
for (const [name, card] of Object.entries(CARDS)) {
  await measureFault(name, sandbox.url, { key: `sandbox:${card}` });
}
await measureFault('a refused connection', 'http://127.0.0.1:1');
await measureFault('a name that DNS cannot resolve', 'http://nowhere.invalid');
const json = JSON.stringify({
  Status: '200',
  Paging: { PageSize: 20, PageIndex: 1, TotalRecords: 0 },
  Result: { VerifyResult: 0, Data: [] },
});
await measureServer('JSON with the type text/plain', createServer, (_, response) =>
  response.writeHead(200, { 'content-type': 'text/plain' }).end(json),
);
await measureServer('a body shorter than its Content-Length', createServer, (_, response) =>
  response.writeHead(200, { 'content-length': 10 * json.length }).end(json),
);
await measureServer('a fast body that never ends', createServer, (_, response) => {
  response.writeHead(200);
  const stream = setInterval(() => response.write(Buffer.alloc(256 * 1024, ' ')), 1);
  response.once('close', () => clearInterval(stream));
});
await measureServer('connections closed at once', createTcpServer, (socket) => socket.destroy());
await measureServer('a protocol other than HTTP', createTcpServer, (socket) =>
  socket.once('data', () => socket.end('SSH-2.0-nothing\r\n')),
);
await measureServer('headers of 1 MB', createTcpServer, (socket) =>
  socket.once('data', () => socket.write(`HTTP/1.1 200 OK\r\nX-Big: ${'x'.repeat(1024 * 1024)}\r\n`)),
);
await measureFault('a clock that is an hour fast', sandbox.url, {
  nodeOptions: ['--import', 'data:text/javascript,const now = Date.now; Date.now = () => now() + 3600000'],
});
await measureFlood('2,000 concurrent clients, all different; upstream answers 50 calls a second', 2000);
await measureSlowClients('1,000 clients that send a byte every half second', 1000, sandbox.url);
await sandbox.close();

const line = (cells) => `| ${cells.join(' | ')} |`;
const [major] = process.versions.node.split('.');
writeFileSync(
  new URL('../docs/faults.md', import.meta.url),
  `# Faults

This page shows what a client gets for each fault of the upstream. \`npm run faults\` writes it (Node ${major},
\`QCC_TIMEOUT=${TIMEOUT}ms\`, a new process for each fault). The query selects two companies: one with the fault, and a sound
one, the sibling. If all of the upstream is faulty, so is the sibling. The column \`calls\` counts the attempts for both.
Then the same query is sent again: \`calls when repeated\` counts its attempts.

${[COLUMNS, COLUMNS.map(() => '---'), ...rows].map(line).join('\n')}

Tests cover [faults of the store](../test/e2e/operations/store-faults.test.ts),
[overload and clients that disconnect](../test/e2e/http/overload.test.ts), and
[processes that are killed](../test/e2e/money/fleet.test.ts).
`,
);
