import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Dependencies } from '../cache/dependencies.js';
import type { Caller } from '../graphql/caller.js';
import type { Context, OperationEnd } from '../graphql/context.js';
import { DRY_RUN } from '../graphql/server/spending-plugin.js';

const JSON_CONTENT_TYPE = /^application\/json *(;|$)/i;
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
 * document, operation name and variables (the body), the media type accepted and the scopes of the caller.
 *
 * Undefined for a request that must always run.
 */
export function responseCacheKey(
  { method, headers, body }: FastifyRequest,
  { scopes }: Caller,
): string | undefined {
  if (method !== 'POST' || headers[DRY_RUN] !== undefined) return undefined;
  if (!JSON_CONTENT_TYPE.test(headers['content-type'] ?? '')) return undefined;
  const text = exactJson(body);
  // None of the parts has a line break.
  return text && [headers.accept, [...scopes].sort(), text].join('\n');
}

/**
 * The JSON text of a parsed body. Undefined if the text would not be exact: JSON has no text for the infinity that 1e400
 * is read as, writes -0 as 0, and cannot be written for a body that is nested too deep. Other values that are read alike
 * (1 and 1.0, integers beyond 2^53, a key given twice) are alike for the operation too.
 */
function exactJson(body: unknown): string | undefined {
  let isExact = true;
  try {
    const text = JSON.stringify(body, (_key, value: unknown) => {
      if (typeof value === 'number') isExact &&= Number.isFinite(value) && !Object.is(value, -0);
      return value;
    });
    return isExact ? text : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
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
  if (typeof body !== 'string' || reply.statusCode !== 200) return undefined;
  const { dependencies, ended: operation } = context;
  if (dependencies.isMomentary || !operation.meter.isFree) return undefined;
  const headers = { ...freeHeaders, 'content-type': String(reply.getHeader('content-type')) };
  return { headers, body: Buffer.from(body), dependencies, operation };
}
