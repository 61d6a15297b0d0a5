import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { printSchema } from 'graphql';
import {
  createOperationDescriptor,
  Environment,
  fetchQuery,
  Network,
  RecordSource,
  Store,
} from 'relay-runtime';
import { buildGraph } from '../../../src/graphql/schema/schema.js';
import { type Data, jsonOf, startTestGateway, type TestGateway } from '../../support/gateway.js';

const SAMPLE = '浙江省临海标准件工业公司';
const STEP = 30;
/** Where the compiler's program lies. */
const COMPILER: string = require('relay-compiler');

/** What a Relay application would write. */
const SOURCE = `
const { graphql } = require('relay-runtime');
graphql\`
  query casesQuery($searchKey: String!, $first: Int!, $after: String) {
    company(searchKey: $searchKey) {
      endCases(first: $first, after: $after) @connection(key: "Company_endCases") {
        totalCount
        edges { node { id caseNo } }
      }
    }
  }
\`;
`;

let setup: TestGateway;
let folder: string;
beforeEach(async () => {
  setup = await startTestGateway();
  folder = mkdtempSync(join(tmpdir(), 'endcase-relay-'));
  mkdirSync(join(folder, 'src'));
  writeFileSync(join(folder, 'schema.graphql'), printSchema(buildGraph()));
  writeFileSync(join(folder, 'src', 'cases.js'), SOURCE);
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

it("Relay's compiler takes the schema, and its store joins the pages of a list into one", async () => {
  const request: Data = require(join(folder, 'src', '__generated__', 'casesQuery.graphql.js'));
  const network = Network.create(async ({ text }: Data, variables: object) => {
    const response = await setup.post({ query: text, variables });
    return jsonOf(response);
  });
  const environment = new Environment({ network, store: new Store(new RecordSource()) });
  let after: string | null = null;
  for (;;) {
    const variables = { searchKey: SAMPLE, first: STEP, after };
    await fetchQuery(environment, request, variables).toPromise();
    const operation = createOperationDescriptor(request, variables);
    const { company }: Data = environment.lookup(operation.fragment).data;
    const { edges, pageInfo, totalCount }: Data = company.endCases;
    if (!pageInfo.hasNextPage) {
      expect([edges.length, totalCount]).toEqual([99, 99]);
      break;
    }
    after = pageInfo.endCursor;
  }
  expect(setup.sandbox.statistics.total.calls).toBe(5);
});
