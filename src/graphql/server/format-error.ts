import { randomUUID } from 'node:crypto';
import { unwrapResolverError } from '@apollo/server/errors';
import type { GraphQLFormattedError, GraphQLSchema } from 'graphql';
import { GatewayError } from '../../errors.js';
import { requestMessage } from './validation/request-message.js';

/** Codes of Apollo Server's own errors whose messages are only about the request, and so are safe to show. */
const REQUEST_CODES: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_REQUEST',
  'BAD_USER_INPUT',
]);

/** Logs an error whose message the client must not see. The client sees the reference only. */
export type ReportFailure = (reference: string, error: unknown) => void;
export type FormatError = (formatted: GraphQLFormattedError, thrown: unknown) => GraphQLFormattedError;

/**
 * Makes Apollo Server's `formatError`. Only `GatewayError`s and errors about the request show their message.
 *
 * @param introspection whether introspection is on, so that messages may name what is in the schema
 */
export function errorFormatter(
  report: ReportFailure,
  schema: GraphQLSchema,
  introspection: boolean,
): FormatError {
  return (formatted, thrown) => {
    const cause = unwrapResolverError(thrown);
    if (cause instanceof GatewayError) {
      return { ...formatted, message: cause.message, extensions: cause.extensions };
    }
    const code = formatted.extensions?.code;
    if (!REQUEST_CODES.has(code)) return { ...formatted, ...internalError(cause, report) };
    const message = requestMessage(formatted.message, thrown, schema, introspection);
    return { ...formatted, message, extensions: { code, retryable: false } };
  };
}

/** Logs an internal error. Gives what the client sees of it: a fixed message and the reference of the log entry. */
export function internalError(cause: unknown, report: ReportFailure) {
  const reference = randomUUID();
  report(reference, cause);
  return {
    message: `Internal error. The log of the gateway has the details under reference ${reference}.`,
    extensions: { code: 'INTERNAL_SERVER_ERROR', retryable: false, reference },
  };
}
