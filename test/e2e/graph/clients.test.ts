import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';
import { Client, fetchExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';
import { CASES } from '../../operations.js';
import { type Data, startTestGateway, type TestGateway } from '../../support/gateway.js';
import { waitUntil } from '../../support/wait-until.js';

const SAMPLE = '浙江省临海标准件工业公司';
const ALL = 99;
const STEP = 30;

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await startTestGateway();
});
afterEach(() => gateway.close());

/** Pages of 20 for 99 rows. */
const PAGES = 5;
const query = CASES.toString();

describe('the documented client setup', () => {
  it('for Apollo Client joins the pages of a list into one', async () => {
    const client = new ApolloClient({
      link: new HttpLink({ uri: gateway.url }),
      cache: new InMemoryCache({
        typePolicies: {
          Company: { keyFields: ['searchKey'], fields: { endCases: relayStylePagination() } },
        },
      }),
    });
    const document = gql(query);
    const watched = client.watchQuery({ query: document, variables: { searchKey: SAMPLE, first: STEP } });
    const subscription = watched.subscribe({});
    await waitUntil(() => watched.getCurrentResult().data !== undefined);
    for (;;) {
      const data: Data = client.readQuery({ query: document, variables: { searchKey: SAMPLE, first: STEP } });
      const { endCases } = data.company;
      if (!endCases.pageInfo.hasNextPage) {
        const numbers = endCases.edges.map(({ node }: { node: { id: string } }) => node.id);
        expect([numbers.length, new Set(numbers).size]).toEqual([ALL, ALL]);
        break;
      }
      await watched.fetchMore({ variables: { after: endCases.pageInfo.endCursor } });
    }
    subscription.unsubscribe();
    client.stop();
    expect(gateway.sandbox.statistics.total.calls).toBe(PAGES);
  });

  it('for urql joins the pages of a list into one', async () => {
    const client = new Client({
      url: gateway.url,
      // A GET needs a preflight header, which urql does not send.
      preferGetMethod: false,
      exchanges: [
        cacheExchange({
          keys: {
            Company: ({ searchKey }) => String(searchKey),
            EndCaseConnection: () => null,
            EndCaseEdge: () => null,
            PageInfo: () => null,
          },
          resolvers: { Company: { endCases: relayPagination() } },
        }),
        fetchExchange,
      ],
    });
    let after: string | null = null;
    for (;;) {
      const variables = { searchKey: SAMPLE, first: STEP, after };
      const answer: Data = await client.query(query, variables).toPromise();
      expect(answer.error).toBeUndefined();
      const { edges, pageInfo }: Data = answer.data.company.endCases;
      if (!pageInfo.hasNextPage) {
        expect(edges).toHaveLength(ALL);
        break;
      }
      after = pageInfo.endCursor;
    }
    expect(gateway.sandbox.statistics.total.calls).toBe(PAGES);
  });
});
