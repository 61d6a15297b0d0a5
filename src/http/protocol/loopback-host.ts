import type { FastifyInstance } from 'fastify';
import { RequestError } from '../request-error.js';

/** Names and addresses of this machine: RFC 6761, section 6.3, and RFC 6890. */
const LOOPBACK = /^(localhost|[^\s:/]+\.localhost|127(\.\d{1,3}){3}|\[?::1\]?)\.?(:\d+)?$/i;

/**
 * Serves only requests whose `Host` is this machine, where the server listens on it alone. A web page whose name points to
 * 127.0.0.1 could otherwise read answers through a browser on this machine (DNS rebinding).
 *
 * @param host what the server listens on
 */
export function refuseForeignHosts(app: FastifyInstance, host: string): void {
  if (!LOOPBACK.test(host)) return;
  app.addHook('onRequest', async ({ headers }) => {
    if (headers.host === undefined || LOOPBACK.test(headers.host)) return;
    const message =
      'The Host of the request must be localhost or a loopback address, because the gateway listens on one. To serve another name, set HOST.';
    throw new RequestError(421, 'BAD_REQUEST', message);
  });
}
