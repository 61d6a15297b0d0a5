import { buildSubgraphSchema, printSubgraphSchema } from '@apollo/subgraph';
import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  parse,
  type StringValueNode,
  visit,
} from 'graphql';
import { scopeOf } from '../scopes.js';

export interface PrintOptions {
  /** Print the entities and the types that they reach, without root fields: for a supergraph that has its own. */
  readonly entitiesOnly?: boolean;
  /**
   * Print `@requiresScopes` on the fields that need a scope, for routers that check scopes too. Apollo Gateway and an
   * Apollo Router without a licence do not start with it, so it is not printed by default.
   */
  readonly routerScopes?: boolean;
}

/** The SDL of the subgraph, types and fields in the order of their declaration, with a final line break. */
export function printSchema(
  schema: GraphQLSchema,
  { entitiesOnly = false, routerScopes = false }: PrintOptions = {},
): string {
  let printed = schema;
  if (entitiesOnly) printed = transform(printed, withoutRootFields);
  if (routerScopes) printed = transform(printed, withScopes);
  return `${printSubgraphSchema(printed).trim()}\n`;
}

function transform(schema: GraphQLSchema, change: (document: DocumentNode) => DocumentNode): GraphQLSchema {
  return buildSubgraphSchema(change(parse(printSubgraphSchema(schema))));
}

function withoutRootFields(document: DocumentNode): DocumentNode {
  const byName = new Map(document.definitions.map((definition) => [nameOf(definition), definition]));
  const reached = new Set<string>();
  const reach = (name: string) => {
    const definition = byName.get(name);
    if (definition === undefined || reached.has(name)) return;
    reached.add(name);
    visit(definition, { NamedType: ({ name: { value } }) => reach(value) });
  };
  for (const [name, definition] of byName) if (isEntity(definition)) reach(name);
  const definitions = document.definitions.filter(
    (definition) => definition.kind === Kind.SCHEMA_EXTENSION || reached.has(nameOf(definition)),
  );
  return { ...document, definitions };
}

function nameOf(definition: DefinitionNode): string {
  return 'name' in definition && definition.name ? definition.name.value : '';
}

function isEntity(definition: DefinitionNode): boolean {
  return (
    definition.kind === Kind.OBJECT_TYPE_DEFINITION &&
    definition.directives?.some(({ name }) => name.value === 'key') === true
  );
}

/** Adds `@requiresScopes` to the fields that need a scope, and imports it. */
function withScopes(document: DocumentNode): DocumentNode {
  return visit(document, {
    ObjectTypeDefinition: (type) => ({
      ...type,
      fields: type.fields?.map((field) => {
        const scope = scopeOf(type.name.value, field.name.value);
        if (scope === undefined) return field;
        return { ...field, directives: [requiresScopes(scope), ...(field.directives ?? [])] };
      }),
    }),
    Argument: (argument) => {
      const { name, value } = argument;
      if (name.value !== 'import' || value.kind !== Kind.LIST) return undefined;
      return { ...argument, value: { ...value, values: [...value.values, text('@requiresScopes')] } };
    },
  });
}

function requiresScopes(scope: string): ConstDirectiveNode {
  return {
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value: 'requiresScopes' },
    arguments: [
      {
        kind: Kind.ARGUMENT,
        name: { kind: Kind.NAME, value: 'scopes' },
        value: { kind: Kind.LIST, values: [{ kind: Kind.LIST, values: [text(scope)] }] },
      },
    ],
  };
}

function text(value: string): StringValueNode {
  return { kind: Kind.STRING, value };
}
