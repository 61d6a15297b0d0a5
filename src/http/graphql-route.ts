import type { ApolloServer } from '@apollo/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Caller, isAnonymous } from '../graphql/caller.js';
import type { Context } from '../graphql/context.js';
import type { Arrival } from '../graphql/server/create-context.js';
import { encode } from '../graphql/stringify.js';
import type { Admission, AdmittedRequest } from './admission.js';
import type { Authenticate } from './auth/authenticator.js';
import type { RateLimiter } from './auth/rate-limiter.js';
import { answerWithApollo } from './protocol/apollo-handler.js';
import { assertGraphqlRequest } from './protocol/graphql-request.js';
import { negotiate, opensPage } from './protocol/media-type.js';
import { addJsonParser, assertBodyIsRead, assertUtf8Query, MAX_BODY } from './request-encoding.js';
import type { ResponseCache } from './response-cache.js';
import { withServerSpan } from './tracing.js';

export interface GraphqlRouteSettings {
  readonly graph: ApolloServer<Context>;
  readonly admission: Admission;
  readonly authenticate: Authenticate;
  /** Undefined: no rate limit. */
  readonly rateLimiter: RateLimiter | undefined;
  /** Undefined: every operation runs. */
  readonly responseCache: ResponseCache | undefined;
  /** Whether a browser's GET gets a landing page, without authentication. */
  readonly landingPage: boolean;
  /** The headers of a response that bought nothing. */
  readonly freeHeaders: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly createContext: (caller: Caller, arrival: Arrival) => Context;
}

/** What the steps of the route know about one request. */
interface RequestState {
  readonly caller: Caller;
  readonly arrival: Arrival;
  /** Undefined until the operation runs. */
  context?: Context;
}

/**
 * Adds `/graphql` (GraphQL over HTTP, https://graphql.github.io/graphql-over-http). A request passes admission control,
 * authentication and the rate limit of its caller. The response cache or Apollo Server then answers it.
 */
export function addGraphqlRoute(app: FastifyInstance, settings: GraphqlRouteSettings): void {
  const { graph, admission, authenticate, rateLimiter, responseCache, createContext, now } = settings;
  const states = new WeakMap<FastifyRequest, RequestState>();
  const admitted = new WeakMap<FastifyRequest, AdmittedRequest>();
  const admit = (request: FastifyRequest, reply: FastifyReply) => {
    const admittedRequest = admission.admit(`address ${request.ip}`);
    admitted.set(request, admittedRequest);
    reply.raw.once('close', admittedRequest.end);
    return admittedRequest;
  };
  const freeHeaders = Object.entries(settings.freeHeaders);
  const startOperation = async (request: FastifyRequest, reply: FastifyReply): Promise<Context> => {
    const state = states.get(request);
    if (state === undefined) throw new TypeError('an operation runs without a caller');
    const context = createContext(state.caller, state.arrival);
    state.context = context;
    const onClose = () => {
      context.operation.leave?.();
      if (!reply.raw.writableFinished) context.cancel();
    };
    // The client may have disconnected while the request waited for the response of an identical one.
    if (reply.raw.destroyed) onClose();
    else reply.raw.once('close', onClose);
    return context;
  };

  addJsonParser(app, (request) => admitted.get(request)?.receive);
  app.route({
    url: '/graphql',
    method: ['GET', 'POST'],
    // Fastify would run a GET for it.
    exposeHeadRoute: false,
    bodyLimit: MAX_BODY,
    // This hook runs before Fastify reads the body, so that refusing a request costs little.
    async onRequest(request, reply) {
      const { id: requestId, headers } = request;
      const arrival = { requestId, headers, arrived: performance.now(), arrivedAt: now() };
      const admittedRequest = admit(request, reply);
      const isPage = settings.landingPage && opensPage(request);
      negotiate(request, isPage);
      if (isPage) return;
      const caller = await authenticate(request.headers);
      // A client that is not authenticated may call itself anything.
      if (!isAnonymous(caller)) admittedRequest.assignTo(`client ${caller.name}`);
      states.set(request, { caller, arrival });
      if (rateLimiter) reply.headers(await rateLimiter.consume(caller.name));
      if (request.method !== 'POST') assertUtf8Query(request.url);
    },
    // What Apollo Server refuses before its plugins run has no cost yet.
    async onSend(_request, reply, payload) {
      for (const [name, value] of freeHeaders) {
        if (!reply.hasHeader(name)) reply.header(name, value);
      }
      return payload;
    },
    handler: withServerSpan(async (request, reply) => {
      assertBodyIsRead(request);
      const state = states.get(request);
      const run = async () => {
        if (state) assertGraphqlRequest(request);
        const text = await answerWithApollo(graph, request, reply, () => startOperation(request, reply));
        return { body: await encode(text), context: state?.context };
      };
      if (state === undefined || responseCache === undefined) return (await run()).body;
      return responseCache.answer(request, reply, state.caller, run);
    }),
  });
}
