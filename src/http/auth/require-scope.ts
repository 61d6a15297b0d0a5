import type { FastifyRequest } from 'fastify';
import type { Scope } from '../../graphql/caller.js';
import type { Authenticate } from './authenticator.js';
import { insufficientScope } from './unauthenticated.js';

/**
 * Makes a hook for a route that only callers with a scope may use.
 *
 * @throws RequestError 401 without valid credentials, 403 without the scope
 */
export function requireScope(scope: Scope, authenticate: Authenticate) {
  return async ({ headers, routeOptions }: FastifyRequest): Promise<void> => {
    const { name, scopes } = await authenticate(headers);
    if (!scopes.has(scope)) throw insufficientScope(String(routeOptions.url), scope, name);
  };
}
