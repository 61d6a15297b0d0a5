import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SANDBOX_CREDENTIALS } from '../dist/sandbox/server.js';
import { clientOf, start, startBinary } from './process.mjs';
import { tailcallConfig } from './servers/tailcall.mjs';

export const OURS = 'endcase-gateway';
export const BY_HAND = 'Apollo Server, DataLoader, axios (by hand)';
const API_KEY = 'bench-key';

const folder = mkdtempSync(join(tmpdir(), 'endcase-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
let files = 0;
/** A name in a folder that goes when all is over. */
export const place = () => {
  files += 1;
  return join(folder, String(files));
};

const CASE = 'id caseNo court filingDate endDate enforcementAmount unperformedAmount';
const DETAIL = 'detail { id certificateNo judgmentDebtor { keyNo name } }';
const RAW_CASE = 'Id CaseNo Court LianDate EndDate ExecuteSubject UnperformedAmt';
const RAW_DETAIL = 'detail { Result { Id CerNo OwnerInfo { KeyNo Name } } }';
const raw = (fields) => `Paging { TotalRecords } Result { Data { ${fields} } }`;
const nodes = (fields) => `totalCount nodes { ${fields} }`;

/** Two operations over one window: `full`, its cases with their details; `rows`, what the list alone tells. */
const operations = (write, cases, details, row) => ({
  full: write('Cases', `${cases} ${details}`),
  rows: write('Rows', row),
});
const PAGED = 'first: $first, page: $page';
const ofPages = (select) => (name, fields) =>
  `query ${name}($key: String!, $first: Int!, $page: Int!) { company(searchKey: $key) { endCases(${PAGED}) { ${select(fields)} } } }`;
const ofRows = (name, fields) =>
  `query ${name}($key: String!, $first: Int!, $offset: Int!) { company(searchKey: $key) { endCases(first: $first, offset: $offset) { ${nodes(fields)} } } }`;
const ofHive = (name, fields) =>
  `query ${name}($key: String!, $first: Int!, $page: Int!) { list(searchKey: $key, ${PAGED}) { ${raw(fields)} } }`;

const credentials = (url) => ({
  QCC_KEY: SANDBOX_CREDENTIALS.key,
  QCC_SECRET_KEY: SANDBOX_CREDENTIALS.secretKey,
  QCC_BASE_URL: url,
});
const script = (name) => (upstream) => start(`servers/${name}.mjs`, [], credentials(upstream.url));

/** What `npm start` runs Node with. */
const { scripts } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const FLAGS = scripts.start.split(' ').filter((word) => word.startsWith('--'));

/** The gateway with all that production has on. */
const gateway = (upstream, env) => {
  const settings = {
    ...credentials(upstream.url),
    PORT: '0',
    DATA_DIR: place(),
    AUTH_API_KEYS: `bench:${createHash('sha256').update(API_KEY).digest('hex')}:endcases:pii`,
    RATE_LIMIT_PER_CLIENT: '100000000/1m',
    BUDGET_PER_DAY: '100000000',
    BUDGET_PER_CLIENT_PER_DAY: '100000000',
    MAX_CALLS_PER_OPERATION: '10000',
    QCC_MAX_CONCURRENCY: '64',
    QCC_PRICE_GETLIST: '1',
    QCC_PRICE_GETDETAIL: '0.5',
    ...env,
  };
  return start('../dist/main.js', [], settings, FLAGS);
};

async function tailcall(upstream) {
  const port = await freePort();
  const file = `${place()}.graphql`;
  writeFileSync(file, tailcallConfig(port, upstream.door, SANDBOX_CREDENTIALS.key));
  const binary = fileURLToPath(
    new URL('node_modules/@tailcallhq/core-linux-x64-gnu/bin/tailcall', import.meta.url),
  );
  const server = await startBinary(binary, ['start', file], { TAILCALL_TRACKER: 'false' }, /launched at/);
  return { ...server, url: `http://127.0.0.1:${port}/graphql` };
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

const PEERS = {
  [OURS]: {
    launch: gateway,
    headers: { authorization: `Bearer ${API_KEY}` },
    queries: operations(ofRows, CASE, DETAIL, 'id caseNo'),
  },
  [BY_HAND]: { launch: script('handwritten') },
  'Apollo Server, datasource-rest': { launch: script('datasource-rest') },
  'Mercurius, JIT and cache, undici': { launch: script('mercurius') },
  'GraphQL Yoga, response cache': { launch: script('yoga') },
  'Hive Gateway over Mesh, response cache': {
    launch: (upstream) => start('servers/hive-gateway.mjs', [], credentials(upstream.door)),
    queries: operations(ofHive, RAW_CASE, RAW_DETAIL, 'Id CaseNo'),
  },
  'Tailcall (Rust), cache': {
    launch: tailcall,
    queries: operations(ofPages(raw), RAW_CASE, RAW_DETAIL, 'Id CaseNo'),
  },
};
export const NAMES = Object.keys(PEERS);

const QUERIES = operations(ofPages(nodes), CASE, DETAIL, 'id caseNo');

/** Starts a server and gives what asks it: `ask(key, first, page, kind)`; and `post(query, variables)`. @param env more of the gateway's environment */
export async function startPeer(name, upstream, env = {}, connections = {}) {
  const { launch, headers = {}, queries = QUERIES } = PEERS[name];
  const server = await launch(upstream, env);
  const client = clientOf(server.url, headers, connections);
  return {
    name,
    server,
    ask: (key, first, page = 1, kind = 'full') =>
      client.ask(queries[kind], {
        key,
        first,
        ...(name === OURS ? { offset: (page - 1) * first } : { page }),
      }),
    post: client.ask,
    async stop() {
      await client.close();
      await server.stop();
    },
  };
}

/** QCC's stand-in. @param latency milliseconds that each of its answers takes */
export async function startUpstream(latency = 0) {
  const upstream = await start('upstream.mjs', [String(latency)]);
  const statistics = new URL('/sandbox/statistics', upstream.url);
  return {
    url: upstream.url,
    door: upstream.urls[1],
    stop: upstream.stop,
    /** Calls since the last look. */
    async calls() {
      const { total } = await (await fetch(statistics)).json();
      await fetch(statistics, { method: 'DELETE' });
      return total.calls;
    },
  };
}
