import type { SchemaOptions } from '../graphql/schema/schema.js';
import type { AddCommand } from './command.js';

/** `schema`: the schema definition language of the subgraph. */
export const addSchema: AddCommand = (program) => {
  program
    .command('schema')
    .description('print the schema of the subgraph')
    .option('--entities-only', 'leave out the root fields, for a larger graph that has its own')
    .option('--router-scopes', 'add @requiresScopes, for a router that checks scopes too')
    .action(async (options: SchemaOptions) => {
      // Building the schema is slow, and only this command needs it.
      const { printSchema } = await import('../graphql/schema/schema.js');
      process.stdout.write(printSchema(options));
    });
};
