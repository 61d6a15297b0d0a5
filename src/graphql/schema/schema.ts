import 'reflect-metadata';
import { buildSubgraphSchema, printSubgraphSchema } from '@apollo/subgraph';
import type { GraphQLSchemaModule } from '@apollo/subgraph/dist/schema-helper/index.js';
import { printSchemaWithDirectives } from '@graphql-tools/utils';
import { type GraphQLSchema, parse } from 'graphql';
import { buildSchemaSync, createResolversMap } from 'type-graphql';
import { limitErrors } from '../error-limit.js';
import { enforceScopes, markScopes } from '../scopes.js';
import { Company } from './company.js';
import { CompanyResolver } from './company-resolver.js';
import { EndCase, EndCaseResolver } from './end-case/end-case.js';
import { entitiesOf, typeOfEntity } from './entities.js';
import { paceLists } from './pace-lists.js';
import { QueryResolver } from './query-resolver.js';
import { UsageResolver } from './usage.js';

export interface SchemaOptions {
  /** Leaves out the root fields, for a supergraph that has its own. */
  readonly entitiesOnly?: boolean;
  /**
   * Adds `@requiresScopes` to the fields that need a scope, for routers that check scopes too. Apollo Gateway and an
   * Apollo Router without a licence do not start with it.
   */
  readonly routerScopes?: boolean;
}

/** Version 2.9 is the first with `@cost` and `@listSize`. Fewer tools read later ones. */
const FEDERATION = 'https://specs.apollo.dev/federation/v2.9';
const DIRECTIVES = ['@key', '@shareable', '@tag', '@cost', '@listSize'];

const QUERY_DESCRIPTION =
  'Terminated enforcement cases (终本案件) of Chinese companies, bought from QCC (企查查) call by call. QCC: `EndExecuteCaseCheck`.';

const graphs = new Map<boolean, GraphQLSchema>();

/**
 * The schema of the gateway: a subgraph (Apollo Federation 2) that also serves clients directly. All gateways of a process
 * share it, since building it takes most of the start of a further one.
 *
 * @param introspection whether introspection is on; if not, the SDL needs the scope `federation:sdl`
 */
export function buildGraph({ introspection = true } = {}): GraphQLSchema {
  const built = graphs.get(introspection);
  if (built) return built;
  const subgraph = buildSubgraph({});
  enforceScopes(subgraph, introspection);
  limitErrors(subgraph);
  paceLists(subgraph);
  graphs.set(introspection, subgraph);
  return subgraph;
}

/** The SDL of the subgraph, types and fields in the order of their declaration, with a final line break. */
export function printSchema(options: SchemaOptions = {}): string {
  return sdlOf(buildSubgraph(options));
}

function sdlOf(subgraph: GraphQLSchema): string {
  return `${printSubgraphSchema(subgraph).trim()}\n`;
}

function buildSubgraph({ entitiesOnly = false, routerScopes = false }: SchemaOptions): GraphQLSchema {
  const source = buildSource(entitiesOnly);
  if (routerScopes) markScopes(source);
  const directives = routerScopes ? [...DIRECTIVES, '@requiresScopes'] : DIRECTIVES;
  const link = `extend schema @link(url: "${FEDERATION}", import: ${JSON.stringify(directives)})`;
  let sdl: string | undefined;
  const service = () => {
    sdl ??= sdlOf(subgraph);
    return { sdl };
  };
  const subgraph = buildSubgraphSchema([
    {
      typeDefs: parse(printSchemaWithDirectives(source)),
      // The two libraries type unions and interfaces differently. This schema has neither.
      resolvers: createResolversMap(source) as NonNullable<GraphQLSchemaModule['resolvers']>,
    },
    {
      typeDefs: parse(link),
      resolvers: {
        Query: { _entities: entitiesOf, _service: service },
        _Entity: { __resolveType: typeOfEntity },
      },
    },
  ]);
  return subgraph;
}

/** The schema as type-graphql builds it, in the order of the decorators: types, fields and arguments keep that order. */
function buildSource(entitiesOnly: boolean): GraphQLSchema {
  const ofEntities = [CompanyResolver, EndCaseResolver] as const;
  const schema = buildSchemaSync({
    resolvers: entitiesOnly ? ofEntities : [QueryResolver, ...ofEntities, UsageResolver],
    // Without root fields nothing else refers to the entities.
    orphanedTypes: entitiesOnly ? [Company, EndCase] : [],
    validate: false,
    // The directives of federation are defined only in the subgraph that is made from this schema.
    skipCheck: true,
  });
  const query = schema.getQueryType();
  // type-graphql has no option for it.
  if (query) query.description = QUERY_DESCRIPTION;
  return schema;
}
