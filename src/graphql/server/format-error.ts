import { randomUUID } from 'node:crypto';
import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError, Kind, print } from 'graphql';
import { GatewayError } from '../../errors.js';

/** Apollo's own refusals of a request, whose messages are about the request alone. */
const REQUEST_CODES: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'UNAUTHENTICATED',
]);

/** Tells the log of a failure that the client must not see, under a reference that it does see. */
export type ReportFailure = (reference: string, error: unknown) => void;

/** Makes of whatever was thrown what the client sees. Only errors that this gateway made itself show their message. */
export function errorFormatter(report: ReportFailure) {
  return (formatted: GraphQLFormattedError, thrown: unknown): GraphQLFormattedError => {
    const { message, extensions } = show(formatted, thrown, unwrapResolverError(thrown), report);
    return {
      message,
      ...(formatted.locations ? { locations: formatted.locations } : {}),
      ...(formatted.path ? { path: formatted.path } : {}),
      extensions,
    };
  };
}

type Shown = { message: string; extensions: Record<string, unknown> };

function show(
  formatted: GraphQLFormattedError,
  thrown: unknown,
  cause: unknown,
  report: ReportFailure,
): Shown {
  if (cause instanceof GatewayError) return { message: cause.message, extensions: cause.extensions };
  const code = formatted.extensions?.code;
  if (REQUEST_CODES.has(code)) {
    return {
      message: aboutVariable(thrown) ?? formatted.message,
      extensions: { code, retryable: false },
    };
  }
  return internalError(cause, report);
}

/** What a client sees of a failure that is none of its business: a fixed message, and where the log tells more. */
export function internalError(cause: unknown, report: ReportFailure) {
  const reference = randomUUID();
  report(reference, cause);
  return {
    message: `Something failed inside the gateway. Its log tells more under reference ${reference}.`,
    extensions: { code: 'INTERNAL_SERVER_ERROR', retryable: false, reference },
  };
}

/** graphql-js quotes a bad variable's value; this says only which variable, and what it must be. */
function aboutVariable(thrown: unknown): string | undefined {
  const node = thrown instanceof GraphQLError ? thrown.nodes?.[0] : undefined;
  if (node?.kind !== Kind.VARIABLE_DEFINITION) return undefined;
  return `Variable $${node.variable.name.value} must be given a value of type ${print(node.type)}.`;
}
