import { createServer } from 'node:http';
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';

/** What a caller sends that the subgraphs must see. */
const PASSED_DOWN = ['authorization', 'x-cost-dry-run'];

/** Adds up what the subgraphs' headers say of their cost, for a router drops extensions. */
class Bill {
  billed = 0;
  maybeBilled = 0;
  add(headers) {
    this.billed += Number(headers?.get('x-cost-billed') ?? 0);
    this.maybeBilled += Number(headers?.get('x-cost-maybe-billed') ?? 0);
  }
}

class CasesDataSource extends RemoteGraphQLDataSource {
  willSendRequest({ request, context }) {
    for (const name of PASSED_DOWN) {
      const value = context.headers?.[name];
      if (value) request.http?.headers.set(name, value);
    }
  }

  didReceiveResponse({ response, context }) {
    context.bill?.add(response.http?.headers);
    return response;
  }
}

/** Apollo Gateway, in Apollo Server. */
async function startApollo(supergraphSdl, port) {
  const server = new ApolloServer({
    gateway: new ApolloGateway({ supergraphSdl, buildService: ({ url }) => new CasesDataSource({ url }) }),
    plugins: [
      {
        async requestDidStart() {
          return {
            async willSendResponse({ response, contextValue: { bill } }) {
              response.http.headers.set('x-cost-billed', String(bill.billed));
              response.http.headers.set('x-cost-maybe-billed', String(bill.maybeBilled));
            },
          };
        },
      },
    ],
  });
  const { url } = await startStandaloneServer(server, {
    listen: { port, host: '127.0.0.1' },
    context: async ({ req }) => ({ headers: req.headers, bill: new Bill() }),
  });
  return { url, close: () => server.stop() };
}

/** Hive Gateway. */
async function startHive(supergraphSdl, port) {
  const bills = new WeakMap();
  const billOf = (request) => {
    if (!bills.has(request)) bills.set(request, new Bill());
    return bills.get(request);
  };
  const gateway = createGatewayRuntime({
    supergraph: supergraphSdl,
    graphqlEndpoint: '/',
    landingPage: false,
    logging: false,
    propagateHeaders: {
      fromClientToSubgraphs: ({ request }) =>
        Object.fromEntries(
          PASSED_DOWN.flatMap((name) =>
            request.headers.has(name) ? [[name, request.headers.get(name)]] : [],
          ),
        ),
    },
    plugins: () => [
      {
        onFetch:
          ({ context }) =>
          ({ response }) => {
            if (context?.request) billOf(context.request).add(response.headers);
          },
        onResponse({ request, response }) {
          const bill = billOf(request);
          response.headers.set('x-cost-billed', String(bill.billed));
          response.headers.set('x-cost-maybe-billed', String(bill.maybeBilled));
        },
      },
    ],
  });
  const server = createServer(gateway);
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    async close() {
      await gateway.dispose();
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
}

/** Every router this example runs behind, by name; `scopes`: whether it knows `@requiresScopes`. */
export const routers = {
  apollo: { start: startApollo, scopes: false },
  hive: { start: startHive, scopes: true },
};
