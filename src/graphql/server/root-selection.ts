import type { GraphQLRequestContext } from '@apollo/server';
import { type DocumentNode, type FragmentDefinitionNode, getVariableValues, Kind } from 'graphql';
import type { Context } from '../context.js';
import { Selection } from '../cost/selection.js';

/** The fields that a query selects at its root. Undefined if it is not a query, or if its variables are invalid. */
export function rootSelection({
  schema,
  document,
  operation,
  request,
  contextValue,
}: GraphQLRequestContext<Context>): Selection | undefined {
  if (document === undefined || operation?.operation !== 'query') return undefined;
  const inputs = request.variables ?? {};
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], inputs);
  return coerced && Selection.ofQuery(schema, operation, fragmentsOf(document), coerced, contextValue.caller);
}

function fragmentsOf({ definitions }: DocumentNode): Record<string, FragmentDefinitionNode> {
  return Object.fromEntries(
    definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
    ),
  );
}
