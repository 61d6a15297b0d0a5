import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLFormattedError } from 'graphql';
import type { Context } from '../context.js';

const GRAPHQL_RESPONSE = 'application/graphql-response+json';
/** What the request itself is refused for, in the terms of GraphQL. */
const REQUEST_ERRORS: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
]);

/** Gives responses the HTTP status that their errors ask for, in the media type that the client takes. */
export const statusPlugin: ApolloServerPlugin<Context> = {
  async requestDidStart() {
    return {
      async willSendResponse({ request, response }) {
        const { errors = [] } = response.body.kind === 'single' ? response.body.singleResult : {};
        const shed = errors.find((error) => codeOf(error) === 'OVERLOADED');
        if (shed) {
          // What was bought is kept: the same operation, sent again, asks for the rest.
          response.http.status = 503;
          response.http.headers.set('retry-after', String(shed.extensions?.retryAfter));
        }
        // In plain JSON a client tells a GraphQL server by its 200 (GraphQL over HTTP, 6.4.1).
        const plain = !request.http?.headers.get('accept')?.includes(GRAPHQL_RESPONSE);
        if (
          response.http.status === 400 &&
          plain &&
          errors.every((error) => REQUEST_ERRORS.has(codeOf(error)))
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
