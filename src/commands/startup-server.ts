import { createServer, type ServerResponse } from 'node:http';
import type { Config } from '../config/config.js';
import { unspent } from '../graphql/server/response-cost.js';
import { JSON_RESPONSE } from '../http/protocol/media-type.js';
import { RequestError } from '../http/request-error.js';
import { methods } from '../qcc/methods.js';

/** Seconds after which a client may retry. */
const RETRY_AFTER = 5;

/** The body of `/readyz`, in the shape that a running gateway gives it. */
const STARTING = { status: 'starting', store: 'degraded', ledger: 'degraded', upstream: 'ok' };

/** Answers on the port of a gateway that is still starting. */
export interface StartupServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves `/healthz`, so that a process with a long start is not restarted. `/readyz` and all other paths answer 503.
 *
 * @throws Error where the port is taken
 */
export async function startStartupServer(config: Config): Promise<StartupServer> {
  const refuse = refusalOf(config);
  const server = createServer((request, response) => {
    response.shouldKeepAlive = false;
    const path = request.url?.replace(/\?.*/s, '');
    if (path === '/healthz') send(response, 200, { status: 'ok' });
    else if (path === '/readyz') send(response, 503, STARTING);
    else refuse(response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: config.host, port: config.port }, resolve);
  });
  const address = server.address();
  return {
    port: address !== null && typeof address === 'object' ? address.port : config.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function refusalOf({ prices, credentials, costExtension }: Config) {
  const tariff = { methods: methods.map(({ name }) => name), prices };
  const { headers, body } = unspent({ tariff, sandbox: credentials === undefined, extension: costExtension });
  const message = `This instance is starting: it checks its store. Retry in ${RETRY_AFTER} s.`;
  const refusal = new RequestError(503, 'OVERLOADED', message, { retryAfter: RETRY_AFTER });
  const { extensions } = refusal;
  return (response: ServerResponse) => {
    send(
      response,
      refusal.status,
      { errors: [{ message, extensions }], ...body },
      {
        ...headers,
        ...refusal.headers,
      },
    );
  };
}

function send(response: ServerResponse, status: number, body: object, headers: object = {}): void {
  response.writeHead(status, {
    'content-type': JSON_RESPONSE,
    'x-content-type-options': 'nosniff',
    ...headers,
  });
  response.end(JSON.stringify(body));
}
