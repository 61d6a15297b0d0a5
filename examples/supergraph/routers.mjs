import { createServer } from 'node:http';
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { unifiedGraphHandler } from '@graphql-hive/router-runtime';

/** Request headers that the subgraph of the cases reads. No router forwards them by itself. */
export const FORWARDED_HEADERS = [
  'authorization',
  'x-client-name',
  'x-cost-dry-run',
  'x-cost-limit',
  'x-cost-max-age',
  'traceparent',
];

/** The sum of the costs in the subgraphs' response headers. Routers drop `extensions.cost`. */
class CostTotal {
  billed = 0;
  maybeBilled = 0;
  add(headers) {
    this.billed += Number(headers?.get('x-cost-billed') ?? 0);
    this.maybeBilled += Number(headers?.get('x-cost-maybe-billed') ?? 0);
  }
  writeTo(headers) {
    headers.set('x-cost-billed', String(this.billed));
    headers.set('x-cost-maybe-billed', String(this.maybeBilled));
  }
}

class CasesDataSource extends RemoteGraphQLDataSource {
  willSendRequest({ request, context }) {
    for (const name of FORWARDED_HEADERS) {
      const value = context.headers?.[name];
      if (value) request.http?.headers.set(name, value);
    }
  }

  didReceiveResponse({ response, context }) {
    context.costTotal?.add(response.http?.headers);
    return response;
  }
}

/** Starts Apollo Gateway, in Apollo Server. */
async function startApollo(supergraphSdl, port) {
  const server = new ApolloServer({
    gateway: new ApolloGateway({ supergraphSdl, buildService: ({ url }) => new CasesDataSource({ url }) }),
    stopOnTerminationSignals: false, // as in registry.mjs
    plugins: [
      {
        async requestDidStart() {
          return {
            async willSendResponse({ response, contextValue: { costTotal } }) {
              costTotal.writeTo(response.http.headers);
            },
          };
        },
      },
    ],
  });
  const { url } = await startStandaloneServer(server, {
    listen: { port, host: '127.0.0.1' },
    context: async ({ req }) => ({ headers: req.headers, costTotal: new CostTotal() }),
  });
  return { url, close: () => server.stop() };
}

/**
 * Starts Hive Gateway.
 *
 * @param planner more settings: another query planner than its own
 */
async function startHive(supergraphSdl, port, planner = {}) {
  const totals = new WeakMap();
  const totalOf = (request) => {
    if (!totals.has(request)) totals.set(request, new CostTotal());
    return totals.get(request);
  };
  const gateway = createGatewayRuntime({
    supergraph: supergraphSdl,
    ...planner,
    graphqlEndpoint: '/',
    landingPage: false,
    logging: false,
    propagateHeaders: {
      fromClientToSubgraphs: ({ request }) =>
        Object.fromEntries(
          FORWARDED_HEADERS.flatMap((name) =>
            request.headers.has(name) ? [[name, request.headers.get(name)]] : [],
          ),
        ),
    },
    plugins: () => [
      {
        onFetch:
          ({ context }) =>
          ({ response }) => {
            if (context?.request) totalOf(context.request).add(response.headers);
          },
        onResponse({ request, response }) {
          totalOf(request).writeTo(response.headers);
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

/**
 * Starts a router, by its name. Each function takes the supergraph's SDL and a port. `hive-router` is Hive Gateway with
 * the query planner of Hive Router.
 */
export const routers = {
  apollo: startApollo,
  hive: startHive,
  'hive-router': (supergraphSdl, port) => startHive(supergraphSdl, port, { unifiedGraphHandler }),
};
