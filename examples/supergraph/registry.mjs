import { readFileSync } from 'node:fs';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';

/**
 * The register. Every company has a KeyNo, and KeyNo is the only key: a router sends one key for all companies, and Hive
 * Router's planner may choose one that is null. The second company has no terminated case in the sandbox.
 */
const COMPANIES = [
  { keyNo: '7629d57f18b20b1927ea4ee5366bfde3', name: '浙江省临海标准件工业公司' },
  { keyNo: '8e114a00000dc907741606ba88b4f887', name: '杭州无案件有限公司' },
  { keyNo: 'a99239000271080ff52573bb45d79968', name: '北京信用有限公司' },
];
/** The unperformed amount from which the risk is high, in yuan. */
const HIGH_AMOUNT = 1_000_000;

/** Without cases the risk is low. From a million unperformed yuan on it is high. */
function riskLevel({ endCases }) {
  if (!endCases || endCases.totalCount === 0) return 'LOW';
  const unperformed = endCases.nodes.reduce((sum, node) => sum + Number(node.unperformedAmount ?? 0), 0);
  return unperformed >= HIGH_AMOUNT ? 'HIGH' : 'ELEVATED';
}

/**
 * Serves the subgraph of the register on a free port.
 *
 * @param onRequest receives the headers of each request
 */
export async function startRegistry(onRequest = () => {}) {
  const typeDefs = parse(readFileSync(new URL('registry.graphql', import.meta.url), 'utf8'));
  const schema = buildSubgraphSchema({
    typeDefs,
    resolvers: {
      Query: {
        registered: (_, { name }) => COMPANIES.filter((company) => company.name.includes(name)),
      },
      Company: {
        __resolveReference: (reference) => {
          const company = COMPANIES.find(({ keyNo }) => keyNo === reference.keyNo);
          return company && { ...company, ...reference };
        },
        riskLevel,
      },
    },
  });
  // start.mjs handles signals: Apollo Server's own handler would end the process before the other servers are closed.
  const server = new ApolloServer({ schema, stopOnTerminationSignals: false });
  const { url } = await startStandaloneServer(server, {
    listen: { port: 0, host: '127.0.0.1' },
    context: async ({ req }) => onRequest(req.headers) ?? {},
  });
  return { url, close: () => server.stop() };
}
