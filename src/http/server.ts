import { randomUUID } from 'node:crypto';
import cors from '@fastify/cors';
import Fastify, { type FastifyInstance } from 'fastify';
import { internalError, type ReportFailure } from '../graphql/server/format-error.js';
import { addExplorer } from './explorer.js';
import { addGraphql, type GraphqlRoute, MAX_BODY } from './graphql-route.js';
import { addHealth, type Health } from './health.js';
import type { Metrics } from './metrics.js';
import { originAllowed } from './origins.js';
import { RequestError } from './request-error.js';

/** Longest that accepted requests may take once the server closes, in milliseconds. */
const MAX_DRAIN = 10_000;
/** For how long a client that was turned away should wait, in seconds. */
const RETRY_AFTER = 5;
/** Milliseconds that a client may take to send its headers, and the whole request; and how often that is looked at. */
const HEADERS_WITHIN = 20_000;
const REQUEST_WITHIN = 30_000;
const LOOK_EVERY = 2000;
/** What a caller may call its request, for the log. */
const REQUEST_ID = /^[\w.:-]{1,100}$/;

export interface HttpSettings {
  readonly host: string;
  readonly port: number;
  /** Where metrics are served; undefined: beside the rest. */
  readonly adminPort: number | undefined;
  /** Whether explorers are served. */
  readonly introspection: boolean;
  /** Undefined: loopback and Apollo Sandbox. */
  readonly corsOrigins: readonly string[] | undefined;
}

export interface HttpParts {
  readonly graphql: GraphqlRoute;
  readonly health: Health;
  readonly metrics: Metrics;
  /** What stands in the response to a request that was turned away: that it cost nothing. */
  readonly unspent: { readonly headers: Readonly<Record<string, string>>; readonly body: object };
  /** Tells the log of a failure that the client must not see. */
  readonly report: ReportFailure;
}

export interface HttpServer {
  /** Where GraphQL is served. */
  readonly url: string;
  /** Where metrics are, if elsewhere. */
  readonly adminUrl: string | undefined;
  /** Takes no new work, finishes what was accepted (10 s at most) and closes. */
  close(): Promise<void>;
}

/** Listens. The graph must have been started. */
export async function startHttp(settings: HttpSettings, parts: HttpParts): Promise<HttpServer> {
  const app = createApp();
  let closing = false;
  let answering = 0;
  // A connection that is kept alive, or that never asked anything, would hold up the end.
  const hangUp = () => {
    if (closing && answering === 0) app.server.closeAllConnections();
  };

  app.addHook('onRequest', async (request, reply) => {
    answering += 1;
    reply.raw.once('close', () => {
      answering -= 1;
      hangUp();
    });
    reply.header('x-request-id', request.id).header('x-content-type-options', 'nosniff');
    if (!closing) return;
    reply.header('connection', 'close');
    throw new RequestError(503, 'SHUTTING_DOWN', 'This instance is shutting down; ask again.', {
      retryAfter: RETRY_AFTER,
    });
  });
  app.setErrorHandler(async (error, _request, reply) => {
    const refused = refusalOf(error);
    if (refused) {
      parts.metrics.requestRefused(refused.code);
      const { headers, body } = parts.unspent;
      return reply
        .code(refused.status)
        .headers({ ...headers, ...refused.headers })
        .send(refused.bodyWith(body));
    }
    const { message, extensions } = internalError(error, parts.report);
    return reply.code(500).send({ errors: [{ message, extensions }] });
  });
  await app.register(cors, {
    origin: originAllowed(settings.corsOrigins),
    methods: ['GET', 'POST'],
    exposedHeaders: [
      'x-cost-billed',
      'x-cost-maybe-billed',
      'x-cost-amount',
      'x-request-id',
      'ratelimit',
      'ratelimit-policy',
      'retry-after',
    ],
  });
  addHealth(app, parts.health);
  if (settings.introspection) await addExplorer(app);
  addGraphql(app, parts.graphql);
  const admin = settings.adminPort === undefined ? undefined : createApp();
  parts.metrics.addTo(admin ?? app);

  await app.listen({ host: settings.host, port: settings.port });
  await admin?.listen({ host: settings.host, port: settings.adminPort ?? 0 });
  return {
    url: `${addressOf(app, settings.host)}/graphql`,
    adminUrl: admin && addressOf(admin, settings.host),
    async close() {
      closing = true;
      const deadline = setTimeout(() => app.server.closeAllConnections(), MAX_DRAIN);
      const closed = app.close();
      hangUp();
      await closed;
      clearTimeout(deadline);
      parts.graphql.admission.close();
      admin?.server.closeAllConnections();
      await admin?.close();
    },
  };
}

function createApp(): FastifyInstance {
  return Fastify({
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    requestTimeout: REQUEST_WITHIN,
    http: { headersTimeout: HEADERS_WITHIN, connectionsCheckingInterval: LOOK_EVERY },
    genReqId: ({ headers: { 'x-request-id': given } }) =>
      typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID(),
  });
}

/** What is the client's fault, or was turned away; undefined: a failure of the gateway. */
function refusalOf(error: unknown): RequestError | undefined {
  if (error instanceof RequestError) return error;
  const status =
    typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : undefined;
  if (typeof status !== 'number' || status < 400 || status >= 500) return undefined;
  return new RequestError(status, 'BAD_REQUEST', REFUSALS[status] ?? REFUSALS[400] ?? '');
}

/** What to do about a request that Fastify refuses, by the status it gives. */
const REFUSALS: Readonly<Record<number, string>> = {
  400: 'The request is not GraphQL over HTTP: its body must be JSON with a query.',
  413: `The body is too large: it may hold ${MAX_BODY} bytes.`,
  415: 'The body must be application/json.',
};

function addressOf(app: FastifyInstance, host: string): string {
  const address = app.server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
