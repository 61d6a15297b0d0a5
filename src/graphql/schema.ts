import 'reflect-metadata';
import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import { CompanyResolver } from './company-resolver.js';
import { EndCaseResolver } from './end-case.js';
import { QueryResolver } from './query-resolver.js';
import { UsageResolver } from './usage.js';

/** The schema as its users see it. */
export function buildGraph(): GraphQLSchema {
  return buildSchemaSync({
    resolvers: [QueryResolver, CompanyResolver, EndCaseResolver, UsageResolver],
    validate: false,
  });
}

/** The schema's SDL in a stable order, with a final line break. */
export function printGraph(schema: GraphQLSchema): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}
