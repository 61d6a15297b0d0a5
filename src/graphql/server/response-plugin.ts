import type { ApolloServerPlugin, GraphQLRequestContextWillSendResponse } from '@apollo/server';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import type { GraphQLFormattedError } from 'graphql';
import { cutName } from '../../qcc/text/typed-text.js';
import type { Context } from '../context.js';
import type { FormatError } from './format-error.js';
import { outcomeOf } from './outcome.js';
import { type CostSettings, responseCost } from './response-cost.js';

const GRAPHQL_RESPONSE = 'application/graphql-response+json';
/** Codes of GraphQL request errors: the operation was not executed. */
const REQUEST_ERROR_CODES: ReadonlySet<string> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
]);

/** Names each operation for the ledger, the log and the trace, and completes its response. */
export function responsePlugin(
  settings: CostSettings,
  formatError: FormatError,
): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ contextValue, operationName, operation }) {
          const name = operationName && cutName(operationName);
          contextValue.operation.name = name;
          nameSpan(operation?.operation ?? 'query', name);
        },
        async willSendResponse(request) {
          const { response, contextValue } = request;
          if (response.body.kind !== 'single') return;
          const { singleResult } = response.body;
          const { summary } = contextValue.errorLimit;
          const added = contextValue.errors.map((error) => formatError(error.toJSON(), error));
          if (summary) added.push(formatError({ message: summary.message }, summary));
          if (added.length > 0) singleResult.errors = [...(singleResult.errors ?? []), ...added];
          const { errors = [] } = singleResult;
          const codes = [...new Set(errors.map(codeOf))];
          const outcome = outcomeOf(codes, contextValue.operation.hasAnswers);
          if (outcome === 'failed') trace.getActiveSpan()?.setStatus({ code: SpanStatusCode.ERROR });
          setStatus(request, errors);
          const { headers, body } = responseCost(settings, contextValue.meter, contextValue.estimate);
          for (const [name, value] of Object.entries(headers)) response.http.headers.set(name, value);
          Object.assign(singleResult, body);
          await contextValue.end(outcome, codes);
        },
      };
    },
  };
}

/** Sets the HTTP status by the errors of the response and by its media type, which `Accept` has been reduced to. */
function setStatus(
  { request, response: { http } }: GraphQLRequestContextWillSendResponse<Context>,
  errors: readonly GraphQLFormattedError[],
): void {
  const overloaded = errors.find((error) => codeOf(error) === 'OVERLOADED');
  if (overloaded) {
    // Answers bought so far are cached: if the client retries, only the rest is bought.
    http.status = 503;
    http.headers.set('retry-after', String(overloaded.extensions?.retryAfter));
  }
  // With `application/json`, a request error is answered with 200 (GraphQL over HTTP, 6.4.1).
  const plain = !request.http?.headers.get('accept')?.includes(GRAPHQL_RESPONSE);
  if (http.status === 400 && plain && errors.every((error) => REQUEST_ERROR_CODES.has(codeOf(error)))) {
    http.status = 200;
  }
}

function codeOf({ extensions }: GraphQLFormattedError): string {
  return String(extensions?.code);
}

/**
 * Names the span of the request by OpenTelemetry's semantic conventions for GraphQL.
 *
 * @param type query, mutation or subscription
 */
export function nameSpan(type: string, name: string | null | undefined): void {
  const span = trace.getActiveSpan();
  span?.updateName(type).setAttribute('graphql.operation.type', type);
  if (name) span?.setAttribute('graphql.operation.name', name);
}
