import { setMaxListeners } from 'node:events';
import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import cors from '@fastify/cors';
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import type { Context } from '../graphql/context.js';
import { internalError, type ReportFailure } from '../graphql/format-error.js';
import { addExplorer } from './explorer.js';
import { addHealth, type Health } from './health.js';
import type { Metrics } from './metrics.js';
import { originAllowed } from './origins.js';
import { traced } from './tracing.js';

/** Longest that accepted requests may take once the server closes, in milliseconds. */
const LONGEST_DRAIN = 10_000;
/** For how long a client that was turned away should wait, in seconds. */
const RETRY_AFTER = 5;

export interface HttpSettings {
  readonly host: string;
  readonly port: number;
  /** Whether explorers are served. */
  readonly introspection: boolean;
  /** Undefined: loopback and Apollo Sandbox. */
  readonly corsOrigins: readonly string[] | undefined;
}

export interface HttpParts {
  readonly graph: ApolloServer<Context>;
  /** @param signal fires when the caller goes away */
  readonly contextFor: (caller: string, signal: AbortSignal) => Context;
  readonly health: Health;
  readonly metrics: Metrics;
  /** Tells the log of a failure that the client must not see. */
  readonly report: ReportFailure;
}

export interface HttpServer {
  /** Where GraphQL is served. */
  readonly url: string;
  /** Takes no new work, finishes what was accepted (10 s at most) and closes. */
  close(): Promise<void>;
}

/** Listens. `graph` must have been started. */
export async function startHttp(settings: HttpSettings, parts: HttpParts): Promise<HttpServer> {
  const app = Fastify({ forceCloseConnections: 'idle', return503OnClosing: false, bodyLimit: 1024 * 1024 });
  let closing = false;
  let answering = 0;
  // A connection that is kept alive, or that never asked anything, would hold up the end.
  const hangUp = () => {
    if (closing && answering === 0) app.server.closeAllConnections();
  };

  app.addHook('onRequest', async (_request, reply) => {
    answering += 1;
    reply.raw.once('close', () => {
      answering -= 1;
      hangUp();
    });
    if (!closing) return;
    reply.header('connection', 'close').header('retry-after', RETRY_AFTER);
    await refuse(reply, 503, 'SHUTTING_DOWN', 'This instance is shutting down; ask again.', true);
  });
  app.setErrorHandler(async (error: { statusCode?: number }, _request, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500) {
      return refuse(
        reply,
        status,
        'BAD_REQUEST',
        'The request is not GraphQL over HTTP: check its body.',
        false,
      );
    }
    const { message, extensions } = internalError(error, parts.report);
    return refuse(reply, 500, extensions.code, message, extensions.retryable);
  });
  await app.register(cors, {
    origin: originAllowed(settings.corsOrigins),
    methods: ['GET', 'POST'],
    exposedHeaders: ['x-cost-billed', 'x-cost-maybe-billed', 'x-cost-amount', 'retry-after'],
  });
  addHealth(app, parts.health);
  parts.metrics.addTo(app);
  if (settings.introspection) await addExplorer(app);
  const serve = fastifyApolloHandler(parts.graph, {
    context: async (_request, reply) => parts.contextFor('anonymous', signalOfLeaving(reply)),
  });
  app.route({
    url: '/graphql',
    method: ['GET', 'POST'],
    handler: traced(async (request, reply) => serve.call(app, request, reply)),
  });

  await app.listen({ host: settings.host, port: settings.port });
  return {
    url: urlOf(app, settings.host),
    async close() {
      closing = true;
      const deadline = setTimeout(() => app.server.closeAllConnections(), LONGEST_DRAIN);
      const closed = app.close();
      hangUp();
      await closed;
      clearTimeout(deadline);
    },
  };
}

function refuse(reply: FastifyReply, status: number, code: string, message: string, retryable: boolean) {
  return reply.code(status).send({ errors: [{ message, extensions: { code, retryable } }] });
}

/** Fires when the connection closes before the response has gone out. */
function signalOfLeaving(reply: FastifyReply): AbortSignal {
  const leaving = new AbortController();
  // Every call of an operation listens to it: many are no leak.
  setMaxListeners(0, leaving.signal);
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) leaving.abort();
  });
  return leaving.signal;
}

function urlOf(app: FastifyInstance, host: string): string {
  const address = app.server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}/graphql`;
}
