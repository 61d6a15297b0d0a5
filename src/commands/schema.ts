import type { AddCommand } from './command.js';

/** `schema`: the schema definition language of the subgraph. */
export const addSchema: AddCommand = (program) => {
  program
    .command('schema')
    .description("print the subgraph's schema")
    .option('--entities-only', 'leave out the root fields, for a larger graph that has its own')
    .option('--router-scopes', 'add @requiresScopes, for a router that checks scopes too')
    .action(async (options: { entitiesOnly?: boolean; routerScopes?: boolean }) => {
      // Building the schema is slow, and only this command needs it.
      const { buildGraph } = await import('../graphql/schema/schema.js');
      const { printSchema } = await import('../graphql/schema/print.js');
      process.stdout.write(printSchema(buildGraph(), options));
    });
};
