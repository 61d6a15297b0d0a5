import { type ApolloServer, type BaseContext, HeaderMap } from '@apollo/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { searchOf } from './search.js';

/**
 * Lets Apollo Server answer a request. `@as-integrations/fastify` does the same, but drops headers without a value, so
 * that an empty `x-cost-dry-run` would buy, and fails on a `Host` that is no host name.
 *
 * @param context makes the context of the operation
 * @returns the response body; status and headers are set on `reply`
 */
export async function answerWithApollo<C extends BaseContext>(
  graph: ApolloServer<C>,
  { method, headers, body, url }: FastifyRequest,
  reply: FastifyReply,
  context: () => Promise<C>,
): Promise<string> {
  const given = new HeaderMap();
  for (const [name, value] of Object.entries(headers)) given.set(name, String(value));
  const response = await graph.executeHTTPGraphQLRequest({
    httpGraphQLRequest: { method, headers: given, body, search: searchOf(url).toString() },
    context,
  });
  if (response.body.kind !== 'complete') throw new TypeError('the schema has no incremental delivery');
  reply.code(response.status ?? 200).headers(Object.fromEntries(response.headers));
  return response.body.string;
}
