import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import type { Caller } from '../graphql/caller.js';
import type { Context } from '../graphql/context.js';
import type { Admission } from './admission.js';
import type { Callers } from './auth/callers.js';
import type { RateLimiter } from './auth/rate-limiter.js';
import type { ResponseCache } from './response-cache.js';
import { traced } from './tracing.js';

/** Longest body, in bytes. */
export const MAX_BODY = 1024 * 1024;

export interface GraphqlRoute {
  readonly graph: ApolloServer<Context>;
  readonly callers: Callers;
  readonly admission: Admission;
  /** Undefined: no limit. */
  readonly rate: RateLimiter | undefined;
  /** Undefined: every operation runs. */
  readonly finished: ResponseCache | undefined;
  /** Whether a browser's GET is given an explorer, whoever asks. */
  readonly explorer: boolean;
  /** @param arrived when the request came, by `performance.now()` */
  readonly contextFor: (caller: Caller, requestId: string, arrived: number) => Context;
}

/** Who asks, and once it runs, for what. */
interface Visit {
  readonly caller: Caller;
  /** When it came, by `performance.now()`. */
  readonly arrived: number;
  context?: Context;
}

/** `/graphql`: admits a request, knows its caller, counts it against the caller's rate, and has it answered. */
export function addGraphql(app: FastifyInstance, route: GraphqlRoute): void {
  const visits = new WeakMap<FastifyRequest, Visit>();
  const { graph, admission, rate, finished, contextFor } = route;
  const serve = fastifyApolloHandler(graph, {
    context: async (request, reply) => {
      const visit = visits.get(request);
      if (visit === undefined) throw unknownCaller();
      const context = contextFor(visit.caller, request.id, visit.arrived);
      visit.context = context;
      const leave = () => {
        if (!reply.raw.writableFinished) context.cancel();
      };
      // It may have left while it waited for another that was the same.
      if (reply.raw.destroyed) leave();
      else reply.raw.once('close', leave);
      return context;
    },
  });

  app.route({
    url: '/graphql',
    method: ['GET', 'POST'],
    bodyLimit: MAX_BODY,
    // Before the body is read: who is turned away costs little.
    async onRequest(request, reply) {
      const arrived = performance.now();
      reply.raw.once('close', admission.enter(bytesOf(request)));
      if (route.explorer && isBrowser(request)) return;
      const caller = await route.callers.identify(request.headers);
      visits.set(request, { caller, arrived });
      if (rate) reply.headers(await rate.take(caller.name));
    },
    handler: traced(async (request, reply) => {
      const visit = visits.get(request);
      const run = async () => ({ body: await serve.call(app, request, reply), context: visit?.context });
      return visit && finished ? finished.answer(request, reply, visit.caller, run) : (await run()).body;
    }),
  });
}

/** A page that is opened cannot show a key. Where no explorer comes of it after all, nobody has asked. */
function isBrowser({ method, headers }: FastifyRequest): boolean {
  return method === 'GET' && headers.accept?.includes('text/html') === true;
}

function unknownCaller(): GraphQLError {
  return new GraphQLError('Show an API key or a token, as Authorization: Bearer …', {
    extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } },
  });
}

/** What is announced; of a body in chunks, the most that is read. */
function bytesOf({ headers }: FastifyRequest): number {
  if (headers['transfer-encoding'] !== undefined) return MAX_BODY;
  return Math.min(MAX_BODY, Number(headers['content-length'] ?? 0) || 0);
}
