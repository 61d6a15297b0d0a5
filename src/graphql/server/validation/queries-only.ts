import { GraphQLError, OperationTypeNode, type ValidationRule } from 'graphql';

/**
 * Refuses mutations and subscriptions in validation: the schema has none. Validation by graphql-js accepts any selection
 * of a root type that does not exist, and only execution fails.
 */
export const queriesOnly: ValidationRule = (context) => ({
  OperationDefinition(node) {
    if (node.operation === OperationTypeNode.QUERY) return;
    const message = `The schema has no ${node.operation}s: send a query.`;
    context.reportError(new GraphQLError(message, { nodes: node }));
  },
});
