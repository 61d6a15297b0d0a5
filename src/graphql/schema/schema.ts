import 'reflect-metadata';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { printSchemaWithDirectives } from '@graphql-tools/utils';
import {
  type GraphQLSchema,
  isObjectType,
  isScalarType,
  isUnionType,
  lexicographicSortSchema,
  parse,
} from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import { protect, requireScopes } from '../scopes.js';
import { CompanyResolver } from './company-resolver.js';
import { EndCaseResolver } from './end-case.js';
import { entitiesOf, typeOfEntity } from './entities.js';
import { printGraph } from './print.js';
import { QueryResolver } from './query-resolver.js';
import { UsageResolver } from './usage.js';

/** What of the federation specification is used; composition tools refuse a later version. */
const LINK = `extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.12"
  import: ["@key", "@shareable", "@tag", "@cost", "@listSize", "@requiresScopes"]
)`;

/**
 * The schema as its users see it: a subgraph (Apollo Federation 2), which also serves alone.
 *
 * @param closed whether its SDL is for those alone who have the scope `federation:sdl`
 */
export function buildGraph({ closed = false } = {}): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: [QueryResolver, CompanyResolver, EndCaseResolver, UsageResolver],
    validate: false,
    // The directives of federation are defined by the subgraph that is made of it.
    skipCheck: true,
  });
  const typeDefs = parse(`${printSchemaWithDirectives(lexicographicSortSchema(schema))}\n${LINK}`);
  const subgraph = buildSubgraphSchema({ typeDefs });
  attachResolvers(subgraph, schema);
  const entities = subgraph.getQueryType()?.getFields()._entities;
  const entity = subgraph.getType('_Entity');
  const service = subgraph.getQueryType()?.getFields()._service;
  if (!entities || !service || !isUnionType(entity)) throw new TypeError('the subgraph has no entities');
  const sdl = printGraph(subgraph);
  service.resolve = () => ({ sdl });
  protect(subgraph);
  if (closed) requireScopes(service, [['federation:sdl']]);
  entities.resolve = entitiesOf;
  entity.resolveType = typeOfEntity;
  return subgraph;
}

/** Gives a schema that was made of SDL the code of the one that the SDL was printed from. */
function attachResolvers(subgraph: GraphQLSchema, source: GraphQLSchema): void {
  for (const type of Object.values(source.getTypeMap())) {
    const target = subgraph.getType(type.name);
    if (isObjectType(type) && isObjectType(target)) {
      const fields = target.getFields();
      for (const { name, resolve } of Object.values(type.getFields())) {
        const field = fields[name];
        if (field && resolve) field.resolve = resolve;
      }
    }
    if (isScalarType(type) && isScalarType(target)) {
      target.serialize = type.serialize;
      target.parseValue = type.parseValue;
      target.parseLiteral = type.parseLiteral;
    }
  }
}
