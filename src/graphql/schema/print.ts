import { printSubgraphSchema } from '@apollo/subgraph';
import { type DefinitionNode, type GraphQLSchema, Kind, parse, print, visit } from 'graphql';

/** The subgraph's SDL in a stable order, with a final line break. */
export function printGraph(schema: GraphQLSchema): string {
  return `${printSubgraphSchema(schema).trim()}\n`;
}

/** The SDL without root fields, for a larger graph that has its own: the entities, and all types that they reach. */
export function printEntities(schema: GraphQLSchema): string {
  const { definitions } = parse(printSubgraphSchema(schema));
  const named = new Map(definitions.map((definition) => [nameOf(definition), definition]));
  const reached = new Set<string>();
  const reach = (name: string) => {
    const definition = named.get(name);
    if (definition === undefined || reached.has(name)) return;
    reached.add(name);
    visit(definition, { NamedType: ({ name: { value } }) => reach(value) });
  };
  for (const [name, definition] of named) if (isEntity(definition)) reach(name);
  const kept = definitions.filter(
    (definition) => definition.kind === Kind.SCHEMA_EXTENSION || reached.has(nameOf(definition)),
  );
  return `${kept.map((definition) => print(definition)).join('\n\n')}\n`;
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
