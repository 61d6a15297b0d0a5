// Plays every fault before a gateway of its own, and writes what the client saw into docs/faults.md.
// Usage: npm run faults
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect, createServer as createTcpServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox } from '../dist/sandbox/server.js';
import { startGateway } from './gateway.mjs';

const TIMEOUT = 1000;
const table = [];

/** Asks for a faulty company beside a good one, so that it is seen whether the good one stands. */
const beside = (key) =>
  `{ bad: company(searchKey: "${key}") { endCases(first: 5) { totalCount nodes { id } } } good: company(searchKey: "sandbox:rows:3") { hasEndCases } }`;

function outcome({ status, body }) {
  const error = body.errors?.find(({ path }) => path?.[0] === 'bad') ?? body.errors?.[0];
  return {
    http: status,
    saw: error?.extensions.code ?? 'data',
    sibling: typeof body.data?.good?.hasEndCases === 'boolean' ? 'stands' : 'fails too',
    cost: body.extensions?.cost,
  };
}

async function play(name, { key = '某某有限公司', upstream, env, nodeOptions, query }) {
  const gateway = await startGateway(upstream, { QCC_TIMEOUT: `${TIMEOUT}ms`, ...env }, nodeOptions);
  await sleep(300);
  gateway.forgetPeak();
  const before = gateway.memory().peak;
  const began = performance.now();
  const { saw, http, sibling, cost } = outcome(await gateway.ask(query ?? beside(key)));
  const took = performance.now() - began;
  const again = outcome(await gateway.ask(query ?? beside(key)));
  const { peak } = gateway.memory();
  const calls = (one) => (one ? one.calls.GetList + one.calls.GetDetail : 0);
  table.push([
    name,
    `${http} \`${saw}\``,
    sibling === 'fails too' && !key.startsWith('sandbox:') ? 'as faulty' : sibling,
    `${(took / 1000).toFixed(1)} s`,
    `${calls(cost)} (${cost?.billed ?? 0} billed, ${cost?.maybeBilled ?? 0} maybe)`,
    String(calls(again.cost)),
    `${before.toFixed(0)} → ${peak.toFixed(0)} MB`,
  ]);
  console.log(table.at(-1).join(' | '));
  await gateway.stop('SIGKILL');
}

/** A server that answers every request, or every connection, in its own way. */
async function withServer(make, listener, work) {
  const sockets = new Set();
  const server = make(listener).on('connection', (socket) =>
    sockets.add(socket.on('error', () => undefined)),
  );
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  await work(`http://127.0.0.1:${server.address().port}`);
  server.close();
  for (const socket of sockets) socket.destroy();
}

const CARDS = {
  'no answer, ever': 'hang',
  'a body, a byte at a time, that never ends': 'drip',
  'reset once the request is read': 'reset',
  'reset in the middle of the body': 'reset-midway',
  'JSON that breaks off': 'truncated',
  'HTML with HTTP 200': 'html',
  'a body of 3 MB': 'huge',
  'a gzip bomb: 100 KB that unpack to 100 MB': 'gzip-bomb',
  'a redirect': 'http:302',
  'HTTP 404': 'http:404',
  'HTTP 500': 'http:500',
  'HTTP 503': 'http:503',
  'status 200, a wrong shape': 'wrong-shape',
  'status 203': 'status:203',
  'status 120, twice': 'busy-twice',
  'status 120, always': 'status:120',
  'a status of no table': 'status:777',
};

const sandbox = await startSandbox();
for (const [name, card] of Object.entries(CARDS)) {
  await play(name, { key: `sandbox:${card}`, upstream: sandbox.url });
}

const json = JSON.stringify({
  Status: '200',
  Paging: { PageSize: 20, PageIndex: 1, TotalRecords: 0 },
  Result: { VerifyResult: 0, Data: [] },
});
await play('connection refused', { upstream: 'http://127.0.0.1:1' });
await play('a name that DNS does not know', { upstream: 'http://nowhere.invalid' });
await withServer(
  createServer,
  (_, response) => response.writeHead(200, { 'content-type': 'text/plain' }).end(json),
  (upstream) => play('JSON that is called text/plain', { upstream }),
);
await withServer(
  createServer,
  (_, response) => response.writeHead(200, { 'content-length': 10 * json.length }).end(json),
  (upstream) => play('a body shorter than it was announced', { upstream }),
);
await withServer(
  createServer,
  (_, response) => {
    response.writeHead(200);
    const pour = setInterval(() => response.write(Buffer.alloc(256 * 1024, ' ')), 1);
    response.once('close', () => clearInterval(pour));
  },
  (upstream) => play('a body that never ends, fast', { upstream }),
);
await withServer(
  createTcpServer,
  (socket) => socket.destroy(),
  (upstream) => play('connections closed at once', { upstream }),
);
await withServer(
  createTcpServer,
  (socket) => socket.once('data', () => socket.end('SSH-2.0-nothing\r\n')),
  (upstream) => play('what is no HTTP', { upstream }),
);
await withServer(
  createTcpServer,
  (socket) =>
    socket.once('data', () => socket.write(`HTTP/1.1 200 OK\r\nX-Big: ${'x'.repeat(1024 * 1024)}\r\n`)),
  (upstream) => play('headers of 1 MB', { upstream }),
);
await play('a clock that is an hour fast', {
  upstream: sandbox.url,
  nodeOptions: ['--import', 'data:text/javascript,const now = Date.now; Date.now = () => now() + 3600000'],
});

/** So many askers at once before an upstream that answers some fifty a second. */
async function flood(name, count) {
  const slow = await startSandbox({ latency: 200 });
  const gateway = await startGateway(slow.url, { QCC_TIMEOUT: '2s' });
  await sleep(300);
  gateway.forgetPeak();
  const before = gateway.memory().peak;
  const began = performance.now();
  const statuses = {};
  await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const { status } = await gateway.ask(
        `{ company(searchKey: "sandbox:rows:${index + 1}") { hasEndCases } }`,
      );
      statuses[status] = (statuses[status] ?? 0) + 1;
    }),
  );
  const took = performance.now() - began;
  const { status } = await gateway.ask('{ company(searchKey: "sandbox:rows:999999") { hasEndCases } }');
  const told = Object.entries(statuses)
    .map(([code, times]) => `${times} × ${code}`)
    .join(', ');
  const { peak } = gateway.memory();
  table.push([
    name,
    told,
    status === 200 ? 'served after' : 'not served after',
    `${(took / 1000).toFixed(1)} s`,
    String(slow.statistics.total.calls),
    '–',
    `${before.toFixed(0)} → ${peak.toFixed(0)} MB`,
  ]);
  console.log(table.at(-1).join(' | '));
  await gateway.stop('SIGKILL');
  await slow.close();
}
await flood('2,000 clients at once, all different, 50 calls a second upstream', 2000);

/** Connections that send a byte now and then, while others ask. */
async function loris() {
  const gateway = await startGateway(sandbox.url);
  const { port } = new URL(gateway.url);
  const sockets = Array.from({ length: 1000 }, () =>
    connect(Number(port), '127.0.0.1').on('error', () => undefined),
  );
  for (const socket of sockets) socket.resume().write('POST /graphql HTTP/1.1\r\nX-Slow: ');
  const drip = setInterval(() => {
    for (const socket of sockets) if (!socket.destroyed) socket.write('a');
  }, 500);
  await sleep(1000);
  const before = gateway.memory().peak;
  const began = performance.now();
  const { saw, http, sibling } = outcome(await gateway.ask(beside('sandbox:rows:7')));
  const took = performance.now() - began;
  while (sockets.some(({ destroyed }) => !destroyed)) await sleep(100);
  const closed = (performance.now() - began) / 1000;
  clearInterval(drip);
  table.push([
    '1,000 clients that send a byte now and then',
    `${http} \`${saw}\` for others; hung up on after ${closed.toFixed(0)} s`,
    sibling === 'fails too' && !key.startsWith('sandbox:') ? 'as faulty' : sibling,
    `${(took / 1000).toFixed(1)} s`,
    '2',
    '–',
    `${before.toFixed(0)} → ${gateway.memory().peak.toFixed(0)} MB`,
  ]);
  console.log(table.at(-1).join(' | '));
  await gateway.stop('SIGKILL');
}
await loris();
await sandbox.close();

const columns = [
  'fault',
  'the client saw',
  'sibling',
  'after',
  'calls',
  'asked again',
  'memory: before → peak',
];
const line = (cells) => `| ${cells.join(' | ')} |`;
const [major] = process.versions.node.split('.');
writeFileSync(
  new URL('../docs/faults.md', import.meta.url),
  `# Faults

What a client sees of each fault upstream, written by \`npm run faults\` (Node ${major}; \`QCC_TIMEOUT=${TIMEOUT}ms\`; a process for each). The
query asks a faulty company beside a good one, whose field is the sibling; where all of the upstream is faulty, so is the
sibling. \`calls\` counts both. "Asked again" is the calls
that the same query made right after.

${[columns, columns.map(() => '---'), ...table].map(line).join('\n')}

Faults of the store, and clients that leave, are tests: [store faults](../test/store-faults.test.ts),
[overload](../test/overload.test.ts), [fleet](../test/fleet.test.ts).
`,
);
