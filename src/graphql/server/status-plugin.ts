import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLFormattedError } from 'graphql';
import type { Context } from '../context.js';

const GRAPHQL_RESPONSE = 'application/graphql-response+json';
/** Codes of GraphQL request errors: the operation was not executed. */
const REQUEST_ERROR_CODES: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
]);

/** Sets the HTTP status of a response, by its errors and by the media type that the client accepts. */
export const statusPlugin: ApolloServerPlugin<Context> = {
  async requestDidStart() {
    return {
      async willSendResponse({ request, response }) {
        const { errors = [] } = response.body.kind === 'single' ? response.body.singleResult : {};
        const overloaded = errors.find((error) => codeOf(error) === 'OVERLOADED');
        if (overloaded) {
          // Answers bought so far are cached: if the client retries, only the rest is bought.
          response.http.status = 503;
          response.http.headers.set('retry-after', String(overloaded.extensions?.retryAfter));
        }
        // With `application/json`, a request error is answered with 200 (GraphQL over HTTP, 6.4.1).
        const plain = !request.http?.headers.get('accept')?.includes(GRAPHQL_RESPONSE);
        if (
          response.http.status === 400 &&
          plain &&
          errors.every((error) => REQUEST_ERROR_CODES.has(codeOf(error)))
        ) {
          response.http.status = 200;
        }
      },
    };
  },
};

function codeOf({ extensions }: GraphQLFormattedError): unknown {
  return extensions?.code;
}
