import { randomUUID } from 'node:crypto';
import Fastify, { type FastifyInstance } from 'fastify';
import { requireScope } from './auth/require-scope.js';
import { addCors } from './cors.js';
import { createErrorHandler, type ErrorHandlerSettings } from './error-handler.js';
import { addGraphqlRoute, type GraphqlRouteSettings } from './graphql-route.js';
import { addHealthRoutes, type Health } from './health.js';
import type { Metrics } from './metrics/metrics.js';
import { addNotFound } from './not-found.js';
import { addExplorerRoutes } from './pages/explorer.js';
import { addFirstPage } from './pages/first-page.js';
import { refuseForeignHosts } from './protocol/loopback-host.js';
import { RequestError } from './request-error.js';

/** Milliseconds that a closing server gives the requests it has accepted. */
const MAX_DRAIN = 10_000;
/** Seconds after which a client may retry a request that a closing server refused. */
const RETRY_AFTER = 5;
/** Milliseconds in which a client must have sent its headers, and its whole request. */
const HEADERS_TIMEOUT = 20_000;
const REQUEST_TIMEOUT = 30_000;
/** Milliseconds between two checks of these timeouts. */
const TIMEOUT_CHECK_INTERVAL = 2000;
/** Request ids that are taken from the client: they are safe in a log line. */
const REQUEST_ID = /^[\w.:-]{1,100}$/;

export interface HttpSettings {
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  /** The port of `/metrics`; undefined: the same as `port`. */
  readonly adminPort: number | undefined;
  /** Whether `/` is 404. */
  readonly production: boolean;
  /** Whether `/explorer` is served. */
  readonly introspection: boolean;
  /** Undefined: loopback origins and Apollo Sandbox. */
  readonly corsOrigins: readonly string[] | undefined;
}

export interface HttpParts extends Omit<ErrorHandlerSettings, 'onRefused'> {
  readonly graphql: Omit<GraphqlRouteSettings, 'freeHeaders'>;
  readonly health: Health;
  readonly metrics: Metrics;
  /** Logs a request that was refused because of its caller, or because the gateway cannot take it now. */
  readonly logRefusal: (refusal: Refusal) => void;
}

/** A refused request, for the log. */
export interface Refusal {
  readonly requestId: string;
  /** The HTTP status: 401, 403, 429 or 503. */
  readonly status: number;
  readonly code: string;
  /** In a few words, without anything of the credentials. */
  readonly reason: string;
  /** Undefined: it is not known. */
  readonly client: string | undefined;
}

/** The statuses of refusals that an operator needs to see. Other requests were wrong in themselves. */
const LOGGED_STATUSES: ReadonlySet<number> = new Set([401, 403, 429, 503]);

/** Starts to listen. The Apollo Server in `parts` must have been started. */
export async function startHttpServer(settings: HttpSettings, parts: HttpParts) {
  const { graphql, health, metrics, unspent, report, logRefusal } = parts;
  const app = createApp();
  const drain = addDrain(app);
  const onRefused = ({ status, code, reason, client }: RequestError, requestId: string) => {
    metrics.recordRefusedRequest(code);
    if (LOGGED_STATUSES.has(status)) logRefusal({ requestId, status, code, reason, client });
  };
  app.setErrorHandler(createErrorHandler({ unspent, report, onRefused }));
  refuseForeignHosts(app, settings.host);
  await addCors(app, settings.corsOrigins);
  addHealthRoutes(app, health);
  if (settings.introspection) await addExplorerRoutes(app);
  if (!settings.production) {
    addFirstPage(app, { explorers: settings.introspection, metricsPort: () => admin && portOf(admin) });
  }
  addGraphqlRoute(app, { ...graphql, freeHeaders: unspent.headers });
  addNotFound(app);
  const admin = settings.adminPort === undefined ? undefined : createApp();
  if (admin) {
    refuseForeignHosts(admin, settings.host);
    metrics.addRoute(admin);
  } else metrics.addRoute(app, requireScope('usage:read', graphql.authenticate));

  await app.listen({ host: settings.host, port: settings.port });
  await admin?.listen({ host: settings.host, port: settings.adminPort ?? 0 });
  return {
    /** The GraphQL endpoint. */
    url: `${originOf(app, settings.host)}/graphql`,
    /** The server of `/metrics`; undefined if `url` has it. */
    adminUrl: admin && originOf(admin, settings.host),
    /** Refuses new requests, finishes those it has accepted (10 s at most) and closes. */
    async close() {
      await drain();
      graphql.admission.close();
      admin?.server.closeAllConnections();
      await admin?.close();
    },
  };
}

/** No route has a JSON schema. What compiles them is therefore not loaded. */
function noSchemas(): never {
  throw new TypeError('routes have no schemas');
}

function createApp(): FastifyInstance {
  const app = Fastify({
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    requestTimeout: REQUEST_TIMEOUT,
    http: { headersTimeout: HEADERS_TIMEOUT, connectionsCheckingInterval: TIMEOUT_CHECK_INTERVAL },
    genReqId: ({ headers: { 'x-request-id': given } }) =>
      typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID(),
  });
  // Bodies are JSON. A page of another site could send plain text without a preflight request.
  app.removeContentTypeParser('text/plain');
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id).header('x-content-type-options', 'nosniff');
  });
  return app;
}

/** Returns a function that closes the server: it refuses new requests and waits for those in flight. */
function addDrain(app: FastifyInstance): () => Promise<void> {
  let closing = false;
  let inFlight = 0;
  // An idle keep-alive connection, or one that never sent a request, would hold the server open.
  const closeUnusedConnections = () => {
    if (closing && inFlight === 0) app.server.closeAllConnections();
  };
  app.addHook('onRequest', async (_request, reply) => {
    inFlight += 1;
    reply.raw.once('close', () => {
      inFlight -= 1;
      closeUnusedConnections();
    });
    if (!closing) return;
    reply.header('connection', 'close');
    const message = `This instance is shutting down; retry in ${RETRY_AFTER} s.`;
    throw new RequestError(503, 'SHUTTING_DOWN', message, { retryAfter: RETRY_AFTER });
  });
  return async () => {
    closing = true;
    const deadline = setTimeout(() => app.server.closeAllConnections(), MAX_DRAIN);
    const closed = app.close();
    closeUnusedConnections();
    await closed;
    clearTimeout(deadline);
  };
}

function originOf(app: FastifyInstance, host: string): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${portOf(app)}`;
}

function portOf(app: FastifyInstance): number {
  const address = app.server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}
