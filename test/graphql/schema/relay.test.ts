import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extendSchema, isObjectType, parse, printSchema } from 'graphql';
import {
  createOperationDescriptor,
  Environment,
  fetchQuery,
  Network,
  RecordSource,
  Store,
} from 'relay-runtime';
import { getDataID, handlerProvider } from '../../../examples/clients/relay.js';
import { buildGraph } from '../../../src/graphql/schema/schema.js';
import { type Data, jsonOf, startTestGateway, type TestGateway } from '../../support/gateway.js';
import { fetchWithOrigins } from '../../support/page-origins.js';

const SAMPLE = '浙江省临海标准件工业公司';
const STEP = 30;
const ROOT = join(__dirname, '..', '..', '..');
/** Where the compiler's program lies. */
const COMPILER: string = require('relay-compiler');

/** What a Relay application would write: the query of docs/clients.md, as it is and with where its rows come from. */
const [, DOCUMENTED = ''] =
  /```js\n(graphql`[\s\S]*?)```/.exec(readFileSync(join(ROOT, 'docs', 'clients.md'), 'utf8')) ?? [];
const SOURCE = `const { graphql } = require('relay-runtime');\n${DOCUMENTED}\n`;
const WITH_ORIGINS = SOURCE.replace('casesQuery', 'originsQuery').replace(
  'totalCount',
  'totalCount retrievedAt stale orderNumbers',
);
/** Where the rows of a list come from. */
const ORIGINS = { retrievedAt: 'DateTime!', stale: 'Boolean!', orderNumbers: '[String!]!' };

/** The schema, in which a list says where its rows come from. */
function printed(): string {
  const graph = buildGraph();
  const list = graph.getType('EndCaseConnection');
  const known = isObjectType(list) ? list.getFields() : {};
  const missing = Object.entries(ORIGINS).filter(([name]) => !Object.hasOwn(known, name));
  if (missing.length === 0) return printSchema(graph);
  const fields = missing.map(([name, type]) => `${name}: ${type}`).join(' ');
  return printSchema(extendSchema(graph, parse(`extend type EndCaseConnection { ${fields} }`)));
}

let setup: TestGateway;
let folder: string;
beforeEach(async () => {
  setup = await startTestGateway();
  folder = mkdtempSync(join(tmpdir(), 'endcase-relay-'));
  mkdirSync(join(folder, 'src'));
  writeFileSync(join(folder, 'schema.graphql'), printed());
  writeFileSync(join(folder, 'src', 'cases.js'), SOURCE);
  writeFileSync(join(folder, 'src', 'origins.js'), WITH_ORIGINS);
  writeFileSync(
    join(folder, 'relay.config.json'),
    JSON.stringify({
      src: './src',
      schema: './schema.graphql',
      language: 'javascript',
      eagerEsModules: false,
    }),
  );
  execFileSync(COMPILER, ['relay.config.json'], { cwd: folder, stdio: 'pipe' });
});
afterEach(async () => {
  await setup.close();
  rmSync(folder, { recursive: true });
});

/** Reads all pages with Relay's runtime. Resolves with the list that a component sees after each of them. */
async function pageThrough(name: string, fetch: typeof globalThis.fetch): Promise<Data[]> {
  const request: Data = require(join(folder, 'src', '__generated__', `${name}.graphql.js`));
  const network = Network.create(async ({ text }: Data, variables: object) => {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ query: text, variables });
    return jsonOf(await fetch(setup.url, { method: 'POST', headers, body }));
  });
  const environment = new Environment({
    network,
    handlerProvider,
    getDataID,
    store: new Store(new RecordSource()),
  });
  const lists: Data[] = [];
  let after: string | null = null;
  do {
    const variables = { searchKey: SAMPLE, first: STEP, after };
    await fetchQuery(environment, request, variables).toPromise();
    const { data }: Data = environment.lookup(createOperationDescriptor(request, variables).fragment);
    lists.push(data.company.endCases);
    const { pageInfo } = data.company.endCases;
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null);
  return lists;
}

it("Relay's compiler takes the schema, and its store joins the pages of a list into one", async () => {
  const lists = await pageThrough('casesQuery', fetch);
  expect(lists.map(({ edges, totalCount }) => [edges.length, totalCount])).toEqual([
    [30, 99],
    [60, 99],
    [90, 99],
    [99, 99],
  ]);
  expect(setup.sandbox.statistics.GetList.calls).toBe(5);
});

it('the handler of docs/clients.md unites where the pages come from', async () => {
  const [first, second, third] = await pageThrough('originsQuery', fetchWithOrigins());
  expect(first).toMatchObject({ stale: false, orderNumbers: ['order 1'] });
  expect(second).toMatchObject({ stale: true, orderNumbers: ['order 1', 'order 2'] });
  expect(third).toMatchObject({
    retrievedAt: '2026-11-27T00:00:00.000Z',
    stale: true,
    orderNumbers: ['order 1', 'order 2', 'order 3'],
  });
});

/** The network of the documented setup: it sends the headers that a query has in its metadata. */
const networkOf = () =>
  Network.create(async ({ text }: Data, variables: object, { metadata }: Data) => {
    const response = await setup.post({ query: text, variables }, { headers: metadata?.headers });
    return jsonOf(response);
  });

it('Relay can ask for an estimate before the purchase, and limit the purchase', async () => {
  const request: Data = require(join(folder, 'src', '__generated__', 'casesQuery.graphql.js'));
  const environment = new Environment({
    network: networkOf(),
    getDataID,
    store: new Store(new RecordSource()),
  });
  const query = (headers: Record<string, string>) =>
    fetchQuery(
      environment,
      request,
      { searchKey: SAMPLE, first: STEP, after: null },
      {
        networkCacheConfig: { force: true, metadata: { headers } },
      },
    ).toPromise();
  const refused: Data = await query({ 'x-cost-dry-run': '1' }).then(
    () => undefined,
    (error: unknown) => error,
  );
  const { estimate } = refused.source.errors[0].extensions;
  expect(estimate).toEqual({ min: 1, max: 2 + STEP });
  expect(setup.sandbox.statistics.total.calls).toBe(0);
  await query({ 'x-cost-limit': String(estimate.max) });
  expect(setup.sandbox.statistics.total.calls).toBe(estimate.max);
});
