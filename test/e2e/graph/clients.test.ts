import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApolloClient, gql, HttpLink } from '@apollo/client';
import { createCache } from '../../../examples/clients/apollo.js';
import { createClient } from '../../../examples/clients/urql.js';
import { type Data, startTestGateway, type TestGateway } from '../../support/gateway.js';
import { fetchWithOrigins } from '../../support/page-origins.js';

const ROOT = join(__dirname, '..', '..', '..');
const textOf = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const blockIn = (file: string, language: string) =>
  new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(textOf(file))?.[1] ?? '';

/** The README's query with what paging needs. */
const PAGED = blockIn('docs/clients.md', 'graphql');
const ROWS = 20;
const PAGES = 3;
/** The same with other selections. */
const select = (fields: string) =>
  PAGED.replace(/nodes \{[\s\S]*\n {6}pageInfo/, `${fields}\n      pageInfo`);
const SELECTIONS: [string, string][] = [
  ["the README's query", PAGED],
  ['nodes with ids', select('nodes { id caseNo detail { id court } }')],
  ['edges', select('edges { node { caseNo } }')],
  [
    'both, and the search key',
    select('edges { cursor node { id } } nodes { id court }').replace('endCases', 'searchKey endCases'),
  ],
];
const ORIGINS = select('nodes { id } retrievedAt stale orderNumbers');
/** Where three pages come from together. */
const UNITED = {
  retrievedAt: '2026-11-27T00:00:00.000Z',
  stale: true,
  orderNumbers: ['order 1', 'order 2', 'order 3'],
};

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await startTestGateway();
});
afterEach(() => gateway.close());

/** The case numbers or ids of the rows, in the order of the gateway. */
async function expectedRows(): Promise<{ id: string; caseNo: string }[]> {
  const { data } = await gateway.query(
    `{ company(searchKey: "浙江省临海标准件工业公司") { endCases(first: ${ROWS * PAGES}) { nodes { id caseNo } } } }`,
  );
  return data.company.endCases.nodes;
}

/** Checks that a list has all rows of the pages once, in order, and ends where the last page ends. */
async function testList({ edges, nodes, pageInfo, totalCount }: Data): Promise<void> {
  const expected = await expectedRows();
  for (const rows of [nodes, edges?.map(({ node }: Data) => node)]) {
    if (rows === undefined) continue;
    expect(rows).toHaveLength(ROWS * PAGES);
    for (const [index, row] of rows.entries())
      expect(expected[index]).toMatchObject(pick(row, ['id', 'caseNo']));
  }
  expect(nodes ?? edges).toBeDefined();
  expect([totalCount, pageInfo.hasNextPage]).toEqual([99, true]);
}

function pick(row: Data, names: readonly string[]) {
  return Object.fromEntries(names.flatMap((name) => (row[name] === undefined ? [] : [[name, row[name]]])));
}

it("pages through the README's query", () => {
  const readme = blockIn('README.md', 'graphql').replaceAll(/\s+/g, ' ');
  const paged = PAGED.replaceAll(/\s+/g, ' ')
    .replace('query Cases($after: String) {', '{')
    .replace(', after: $after', '')
    .replace('pageInfo { hasNextPage endCursor } ', '');
  expect(paged).toBe(readme);
});

it.each(['apollo', 'urql', 'relay'])('docs/clients.md shows examples/clients/%s.ts as it is', (name) => {
  expect(textOf('docs/clients.md')).toContain(`\`\`\`ts\n${textOf(`examples/clients/${name}.ts`)}\`\`\``);
});

describe('the recipe for Apollo Client', () => {
  const clientOf = (fetch = globalThis.fetch) =>
    new ApolloClient({ link: new HttpLink({ uri: gateway.url, fetch }), cache: createCache() });

  /** Reads the first page, then each next one with `fetchMore`. Resolves with the list that a component sees. */
  async function pageThrough(client: ApolloClient, query: string): Promise<Data> {
    const watched = client.watchQuery<Data>({ query: gql(query) });
    const subscription = watched.subscribe({});
    let { data } = await client.query<Data>({ query: gql(query) });
    for (let page = 1; page < PAGES; page += 1) {
      await watched.fetchMore({ variables: { after: data.company.endCases.pageInfo.endCursor } });
      data = client.readQuery({ query: gql(query) });
    }
    subscription.unsubscribe();
    return data.company.endCases;
  }

  it.each(SELECTIONS)('joins the pages of a list into one: %s', async (_, query) => {
    const client = clientOf();
    await testList(await pageThrough(client, query));
    client.stop();
  });

  it('unites where the pages come from', async () => {
    const client = clientOf(fetchWithOrigins());
    expect(await pageThrough(client, ORIGINS)).toMatchObject(UNITED);
    client.stop();
  });

  it('keeps what one query has read when another reads the same list, by other fields or in other windows', async () => {
    const client = clientOf();
    const list = await pageThrough(client, SELECTIONS[1]?.[1] ?? '');
    for (const other of [
      select('edges { node { id court } }'),
      select('nodes { id court detail { certificateNo } }'),
      PAGED.replace('first: 20', 'first: 3'),
      PAGED.replace('first: 20', 'first: 20, offset: 40'),
    ]) {
      await client.query({ query: gql(other), fetchPolicy: 'network-only' });
      const again: Data = client.readQuery({ query: gql(SELECTIONS[1]?.[1] ?? '') });
      expect(again.company.endCases).toEqual(list);
    }
    client.stop();
  });
});

describe('the recipe for urql', () => {
  async function pageThrough(query: string, fetch = globalThis.fetch): Promise<Data> {
    const client = createClient(gateway.url, fetch);
    let after: string | null = null;
    let list: Data;
    for (let page = 1; page <= PAGES; page += 1) {
      const { data, error }: Data = await client.query(query, { after }).toPromise();
      expect(error).toBeUndefined();
      list = data.company.endCases;
      after = list.pageInfo.endCursor;
    }
    return list;
  }

  it.each(SELECTIONS)('joins the pages of a list into one: %s', async (_, query) => {
    await testList(await pageThrough(query));
  });

  it('unites where the pages come from', async () => {
    expect(await pageThrough(ORIGINS, fetchWithOrigins())).toMatchObject(UNITED);
  });

  it('keeps companies apart whose query does not select the search key', async () => {
    const client = createClient(gateway.url);
    const read = async (key: string) =>
      (await client.query(`{ company(searchKey: "${key}") { endCases { totalCount } } }`, {}).toPromise())
        .data;
    await read('sandbox:rows:3');
    expect(await read('sandbox:rows:4')).toMatchObject({ company: { endCases: { totalCount: 4 } } });
    expect(await read('sandbox:rows:3')).toMatchObject({ company: { endCases: { totalCount: 3 } } });
  });
});
