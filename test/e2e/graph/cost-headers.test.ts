import {
  ApolloClient,
  ApolloLink,
  CombinedGraphQLErrors,
  gql,
  HttpLink,
  InMemoryCache,
} from '@apollo/client';
import { SetContextLink } from '@apollo/client/link/context';
import { Client, cacheExchange, fetchExchange } from '@urql/core';
import { closeAfterTest } from '../../support/cleanup.js';
import { type Data, startTestGateway, type TestGateway } from '../../support/gateway.js';

const QUERY = `query Details($searchKey: String!) {
  company(searchKey: $searchKey) {
    searchKey endCases(first: 3) { retrievedAt orderNumbers nodes { id detail { certificateNo } } }
  }
}`;
const variables = { searchKey: 'sandbox:rows:45' };
const ESTIMATE = { min: 1, max: 4 };

let gateway: TestGateway;
beforeEach(async () => {
  gateway = closeAfterTest(await startTestGateway());
});
const calls = () => gateway.sandbox.statistics.total.calls;

describe('the documented cost headers', () => {
  it('work with Apollo Client: an estimate before the purchase, then a limit', async () => {
    const limited = new SetContextLink(({ headers }) => ({ headers: { 'x-cost-limit': '20', ...headers } }));
    const client = new ApolloClient({
      link: ApolloLink.from([limited, new HttpLink({ uri: gateway.url })]),
      cache: new InMemoryCache(),
    });
    const query = gql(QUERY);
    const { error } = await client.query({
      query,
      variables,
      fetchPolicy: 'no-cache',
      errorPolicy: 'all',
      context: { headers: { 'x-cost-dry-run': '1' } },
    });
    const dryRun = CombinedGraphQLErrors.is(error) ? error.errors[0] : undefined;
    expect(dryRun?.extensions).toMatchObject({ code: 'DRY_RUN', estimate: ESTIMATE });
    expect(calls()).toBe(0);
    const headers = { 'x-cost-limit': String(ESTIMATE.max) };
    const { data } = await client.query<Data>({ query, variables, context: { headers } });
    expect(data?.company.endCases).toMatchObject({ orderNumbers: [expect.any(String)] });
    expect(calls()).toBe(ESTIMATE.max);
    client.stop();
  });

  it('work with urql', async () => {
    const client = new Client({
      url: gateway.url,
      preferGetMethod: false,
      fetchOptions: { headers: { 'x-cost-limit': '20' } },
      exchanges: [cacheExchange, fetchExchange],
    });
    const dryRun = await client
      .query(QUERY, variables, {
        requestPolicy: 'network-only',
        fetchOptions: { headers: { 'x-cost-dry-run': '1' } },
      })
      .toPromise();
    expect(dryRun.error?.graphQLErrors[0]?.extensions).toMatchObject({ code: 'DRY_RUN', estimate: ESTIMATE });
    expect(calls()).toBe(0);
    const { data, error } = await client.query(QUERY, variables).toPromise();
    expect([error, data.company.endCases.nodes]).toMatchObject([undefined, [{}, {}, {}]]);
    expect(calls()).toBe(ESTIMATE.max);
  });
});
