import type { FastifyReply, FastifyRequest } from 'fastify';
import { internalError, type ReportFailure } from '../graphql/server/format-error.js';
import { JSON_RESPONSE, responseType } from './protocol/media-type.js';
import { RequestError } from './request-error.js';

const INVALID_REQUEST =
  'The request body is not valid JSON: it needs double quotes, no trailing comma, no line break inside a string, and no key __proto__. Send an object such as {"query": "{ __typename }"}.';
/** Messages for requests that Fastify itself refuses, by HTTP status. */
const MESSAGES: Readonly<Record<number, string>> = {
  415: 'The content type of the request body must be application/json.',
};

export interface ErrorHandlerSettings {
  /** The cost of a request that bought nothing, as response headers and as part of the response body. */
  readonly unspent: { readonly headers: Readonly<Record<string, string>>; readonly body: object };
  /** Receives each refused request. */
  readonly onRefused: (refusal: RequestError, requestId: string) => void;
  /** Logs a failure of the gateway itself, whose details the client must not see. */
  readonly report: ReportFailure;
}

/** Creates Fastify's error handler: it answers a refused request with its reason, and any other error with HTTP 500. */
export function createErrorHandler({ unspent, onRefused, report }: ErrorHandlerSettings) {
  return async (error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const refusal = asRequestError(error);
    if (refusal) onRefused(refusal, request.id);
    const { message, extensions } = refusal ?? internalError(error, report);
    return reply
      .code(refusal?.status ?? 500)
      .headers({ ...unspent.headers, ...refusal?.headers })
      .type(responseType(request.headers.accept) ?? JSON_RESPONSE)
      .send({ errors: [{ message, extensions }], ...unspent.body });
  };
}

/** Undefined for an error that is not the client's: a failure of the gateway. */
function asRequestError(error: unknown): RequestError | undefined {
  if (error instanceof RequestError) return error;
  const status =
    typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : undefined;
  if (typeof status !== 'number' || status < 400 || status >= 500) return undefined;
  return new RequestError(status, 'BAD_REQUEST', MESSAGES[status] ?? INVALID_REQUEST);
}
