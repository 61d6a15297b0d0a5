import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Dependencies } from '../cache/dependencies.js';
import type { Caller } from '../graphql/caller.js';
import type { Context, OperationEnd } from '../graphql/context.js';
import { COST_LIMIT, DRY_RUN, MAX_AGE } from '../graphql/server/cost-headers.js';
import { bodyTextOf } from './request-encoding.js';

type Headers = Readonly<Record<string, string>>;

/** The outcome of a request that has run. */
export interface ExecutedRequest {
  readonly body: unknown;
  /** Undefined if the request was refused before its operation ran. */
  readonly context: Context | undefined;
}

/** A response that also answers other requests for the same operation. */
export interface CachedResponse {
  readonly headers: Headers;
  readonly body: Buffer;
  /** The cache entries that the response was made of. */
  readonly dependencies: Dependencies;
  /** The operation that made the response, for the log and the metrics. */
  readonly operation: OperationEnd;
}

/**
 * The cache key of a request: everything that its response depends on beside the cache entries it reads. It is the
 * document, operation name and variables (the text of the body), the media type accepted, the cost limit and the scopes of
 * the caller.
 *
 * Undefined for a request that must always run. One that asks for young answers does: those of a cached response grow old.
 */
export function responseCacheKey(request: FastifyRequest, { scopes }: Caller): string | undefined {
  const { method, headers } = request;
  if (method !== 'POST' || headers[DRY_RUN] !== undefined || headers[MAX_AGE] !== undefined) return undefined;
  const text = bodyTextOf(request);
  // Only the text, which comes last, may have a line break.
  return (
    text && [headers.accept, JSON.stringify(headers[COST_LIMIT] ?? null), [...scopes].sort(), text].join('\n')
  );
}

/**
 * Makes a cacheable response. Undefined if it has errors, if its operation made a call, or if it selects `usage`.
 *
 * @param freeHeaders the headers of a response that cost nothing
 */
export function toCachedResponse(
  { body, context }: ExecutedRequest,
  reply: FastifyReply,
  freeHeaders: Headers,
): CachedResponse | undefined {
  if (context?.ended?.outcome !== 'ok') return undefined;
  if (!Buffer.isBuffer(body) || reply.statusCode !== 200) return undefined;
  const { dependencies, ended: operation } = context;
  if (dependencies.isMomentary || !operation.meter.isFree) return undefined;
  const headers = { ...freeHeaders, 'content-type': String(reply.getHeader('content-type')) };
  return { headers, body, dependencies, operation };
}
