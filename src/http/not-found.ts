import type { FastifyInstance } from 'fastify';
import { RequestError } from './request-error.js';

const GRAPHQL = /^\/graphql(\?|$)/;
const ALLOW = { allow: 'GET, POST, OPTIONS' };

/** Refuses requests that no route takes: 405 for another method on `/graphql`, 404 for another path. */
export function addNotFound(app: FastifyInstance): void {
  // CORS answers preflight requests before this route does.
  app.options('/graphql', async (_request, reply) => reply.code(204).headers(ALLOW).send());
  app.setNotFoundHandler(async ({ url }) => {
    if (!GRAPHQL.test(url)) {
      throw new RequestError(404, 'BAD_REQUEST', 'Nothing is served at this path: GraphQL is at /graphql.');
    }
    const message = 'The request must be a POST with JSON, or a GET.';
    throw new RequestError(405, 'BAD_REQUEST', message, { headers: ALLOW });
  });
}
