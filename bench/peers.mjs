import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SANDBOX_CREDENTIALS } from '../dist/sandbox/server.js';
import { createClient, startScript, startServer } from './process.mjs';
import { tailcallConfig } from './servers/tailcall.mjs';

export const OURS = 'endcase-gateway';
export const BY_HAND = 'Apollo Server, DataLoader, axios (by hand)';
const API_KEY = 'bench-key';
/** The headers of a caller of the gateway. */
export const AUTHORIZATION = { authorization: `Bearer ${API_KEY}` };

const folder = mkdtempSync(join(tmpdir(), 'endcase-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
let paths = 0;
/** A new path in a folder that is removed when this process exits. */
export const temporaryPath = () => {
  paths += 1;
  return join(folder, String(paths));
};

const CASE = 'id caseNo court filingDate endDate enforcementAmount unperformedAmount';
const DETAIL = 'detail { id certificateNo judgmentDebtor { keyNo name } }';
/** The same in QCC's names, for servers that do not rename fields. */
const RAW_CASE = 'Id CaseNo Court LianDate EndDate ExecuteSubject UnperformedAmt';
const RAW_DETAIL = 'detail { Result { Id CerNo OwnerInfo { KeyNo Name } } }';
const rawSelection = (fields) => `Paging { TotalRecords } Result { Data { ${fields} } }`;
const selection = (fields) => `totalCount nodes { ${fields} }`;

const PAGES = [1, 2, 3, 4, 5];
const PAGE_ARGUMENTS = 'first: $first, page: $page';

/** How a server selects a window of a company's cases, by number of page. @param field the field of one page */
const byPage = (field, select, wrap) => ({
  window: (name, fields) =>
    `query ${name}($key: String!, $first: Int!, $page: Int!) { ${wrap(`${field(PAGE_ARGUMENTS)} { ${select(fields)} }`)} }`,
  hundred(fields) {
    const pages = PAGES.map((page) => `p${page}: ${field(`first: 20, page: ${page}`)} { ${select(fields)} }`);
    return `query Hundred($key: String!) { ${wrap(pages.join(' '))} }`;
  },
});
const ofCompany = (body) => `company(searchKey: $key) { ${body} }`;
const endCases = (args) => `endCases(${args})`;
const byPageOfList = byPage(
  (args) => `list(searchKey: $key, ${args})`,
  rawSelection,
  (body) => body,
);
const byOffset = {
  window: (name, fields) =>
    `query ${name}($key: String!, $first: Int!, $offset: Int!) { ${ofCompany(`endCases(first: $first, offset: $offset) { ${selection(fields)} }`)} }`,
  hundred: (fields) =>
    `query Hundred($key: String!) { ${ofCompany(`endCases(first: 100, offset: 0) { ${selection(fields)} }`)} }`,
};

/**
 * Three operations: `full` selects a window of cases with their details, `rows` only fields of the list, `hundred` the first
 * hundred cases with their details.
 */
const operations = ({ window, hundred }, caseFields, detail, rowFields) => ({
  full: window('Cases', `${caseFields} ${detail}`),
  rows: window('Rows', rowFields),
  hundred: hundred(`${caseFields} ${detail}`),
});

const credentials = (url) => ({
  QCC_KEY: SANDBOX_CREDENTIALS.key,
  QCC_SECRET_KEY: SANDBOX_CREDENTIALS.secretKey,
  QCC_BASE_URL: url,
});
const script = (name) => (upstream) => startScript(`servers/${name}.mjs`, [], credentials(upstream.url));

/** The options that `npm start` gives Node. */
const { scripts } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const NODE_OPTIONS = scripts.start.split(' ').filter((word) => word.startsWith('--'));

/** Starts the gateway with every feature that it has in production. */
const startGateway = (upstream, env) => {
  const settings = {
    ...credentials(upstream.url),
    PORT: '0',
    DATA_DIR: temporaryPath(),
    AUTH_API_KEYS: `bench:${createHash('sha256').update(API_KEY).digest('hex')}:endcases:pii+usage:read`,
    RATE_LIMIT_PER_CLIENT: '100000000/1m',
    BUDGET_PER_DAY: '100000000',
    BUDGET_PER_CLIENT_PER_DAY: '100000000',
    MAX_CALLS_PER_OPERATION: '10000',
    QCC_MAX_CONCURRENCY: '64',
    QCC_PRICE_GETLIST: '1',
    QCC_PRICE_GETDETAIL: '0.5',
    ...env,
  };
  return startScript('../dist/main.js', [], settings, NODE_OPTIONS);
};

async function startTailcall(upstream) {
  const port = await findFreePort();
  const file = `${temporaryPath()}.graphql`;
  writeFileSync(file, tailcallConfig(port, upstream.signingUrl, SANDBOX_CREDENTIALS.key));
  const binary = fileURLToPath(
    new URL('node_modules/@tailcallhq/core-linux-x64-gnu/bin/tailcall', import.meta.url),
  );
  const server = await startServer(binary, ['start', file], { TAILCALL_TRACKER: 'false' }, /launched at/);
  return { ...server, urls: [`http://127.0.0.1:${port}/graphql`] };
}

function findFreePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

const PEERS = {
  [OURS]: {
    launch: startGateway,
    headers: AUTHORIZATION,
    queries: operations(byOffset, CASE, DETAIL, 'id caseNo'),
  },
  [BY_HAND]: { launch: script('handwritten') },
  'Apollo Server, datasource-rest': { launch: script('datasource-rest') },
  'Mercurius, JIT and cache, undici': { launch: script('mercurius') },
  'GraphQL Yoga, response cache': { launch: script('yoga') },
  'Hive Gateway over Mesh, response cache': {
    launch: (upstream) => startScript('servers/hive-gateway.mjs', [], credentials(upstream.signingUrl)),
    queries: operations(byPageOfList, RAW_CASE, RAW_DETAIL, 'Id CaseNo'),
  },
  'Tailcall (Rust), cache': {
    launch: startTailcall,
    queries: operations(byPage(endCases, rawSelection, ofCompany), RAW_CASE, RAW_DETAIL, 'Id CaseNo'),
  },
};
export const NAMES = Object.keys(PEERS);

const QUERIES = operations(byPage(endCases, selection, ofCompany), CASE, DETAIL, 'id caseNo');

/**
 * Starts a server and a client for it: `queryCases` sends one of its operations for a window, `queryHundred` the one for a
 * hundred cases, `send` any operation.
 *
 * @param env more environment variables for the gateway
 * @param connections options for the client's pool
 */
export async function startPeer(name, upstream, env = {}, connections = {}) {
  const { launch, headers = {}, queries = QUERIES } = PEERS[name];
  const server = await launch(upstream, env);
  const [url] = server.urls;
  const client = createClient(url, headers, connections);
  return {
    name,
    url,
    startedAt: server.startedAt,
    cpu: server.cpu,
    memory: server.memory,
    queryHundred: (key) => client.send(queries.hundred, { key }),
    queryCases: (key, first, page = 1, kind = 'full') =>
      client.send(queries[kind], {
        key,
        first,
        ...(name === OURS ? { offset: (page - 1) * first } : { page }),
      }),
    send: client.send,
    async stop() {
      await client.close();
      await server.stop();
    },
  };
}

/** Starts the sandbox in a process of its own. @param latency milliseconds before each of its answers */
export async function startUpstream(latency = 0) {
  const { urls, stop } = await startScript('upstream.mjs', [String(latency)]);
  const [url, signingUrl] = urls;
  const statistics = new URL('/sandbox/statistics', url);
  return {
    url,
    signingUrl,
    stop,
    /** The number of calls since this was last read. */
    async takeCalls() {
      const { total } = await (await fetch(statistics)).json();
      await fetch(statistics, { method: 'DELETE' });
      return total.calls;
    },
  };
}
