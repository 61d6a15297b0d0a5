import { type ApolloServerPlugin, HeaderMap } from '@apollo/server';
import type { Context } from '../../context.js';
import type { FormatError } from '../format-error.js';
import { variableFaults } from './variable-faults.js';

/**
 * Refuses an operation whose variables do not fit their types, between validation and execution.
 *
 * @param introspection whether introspection is on
 */
export function variablesPlugin(
  introspection: boolean,
  formatError: FormatError,
): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      return {
        async responseForOperation({ schema, operation, request }) {
          // Without an operation, execution says that none has the name.
          if (operation === undefined) return null;
          const faults = variableFaults(schema, operation, request.variables ?? {}, introspection);
          if (faults.length === 0) return null;
          const errors = faults.map((fault) => formatError({ message: fault.message }, fault));
          return {
            http: { status: 400, headers: new HeaderMap() },
            body: { kind: 'single', singleResult: { errors } },
          };
        },
      };
    },
  };
}
