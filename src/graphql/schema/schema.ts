import 'reflect-metadata';
import { buildSubgraphSchema } from '@apollo/subgraph';
import type { GraphQLSchemaModule } from '@apollo/subgraph/dist/schema-helper/index.js';
import { printSchemaWithDirectives } from '@graphql-tools/utils';
import { type GraphQLSchema, parse } from 'graphql';
import { buildSchemaSync, createResolversMap } from 'type-graphql';
import { enforceScopes } from '../scopes.js';
import { CompanyResolver } from './company-resolver.js';
import { EndCaseResolver } from './end-case.js';
import { entitiesOf, typeOfEntity } from './entities.js';
import { printSchema } from './print.js';
import { QueryResolver } from './query-resolver.js';
import { UsageResolver } from './usage.js';

/** Version 2.9 is the first with `@cost` and `@listSize`. Fewer tools read later ones. */
const LINK = `extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9"
  import: ["@key", "@shareable", "@tag", "@cost", "@listSize"]
)`;

const QUERY_DESCRIPTION =
  'Terminated enforcement cases (终本案件) of Chinese companies, bought from QCC (企查查) call by call. QCC: `EndExecuteCaseCheck`.';

/**
 * The schema of the gateway: a subgraph (Apollo Federation 2) that also serves clients directly.
 *
 * @param introspection whether introspection is on; if not, the SDL needs the scope `federation:sdl`
 */
export function buildGraph({ introspection = true } = {}): GraphQLSchema {
  const source = buildSource();
  const subgraph = buildSubgraphSchema([
    {
      typeDefs: parse(printSchemaWithDirectives(source)),
      // The two libraries type unions and interfaces differently. This schema has neither.
      resolvers: createResolversMap(source) as NonNullable<GraphQLSchemaModule['resolvers']>,
    },
    {
      typeDefs: parse(LINK),
      resolvers: {
        Query: { _entities: entitiesOf, _service: () => ({ sdl }) },
        _Entity: { __resolveType: typeOfEntity },
      },
    },
  ]);
  const sdl = printSchema(subgraph);
  enforceScopes(subgraph, introspection);
  return subgraph;
}

/** The schema as type-graphql builds it, in the order of the decorators: types, fields and arguments keep that order. */
function buildSource(): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: [QueryResolver, CompanyResolver, EndCaseResolver, UsageResolver],
    validate: false,
    // The directives of federation are defined only in the subgraph that is made from this schema.
    skipCheck: true,
  });
  const query = schema.getQueryType();
  // type-graphql has no option for it.
  if (query) query.description = QUERY_DESCRIPTION;
  return schema;
}
