import { readFileSync } from 'node:fs';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

const read = (path) => parse(readFileSync(new URL(path, import.meta.url), 'utf8'));

/**
 * Composes the supergraph of both subgraphs, which are served at the given URLs.
 *
 * @throws Error with the composition errors
 */
export function compose({ cases, registry }) {
  const { errors, supergraphSdl } = composeServices([
    { name: 'cases', url: cases, typeDefs: read('../../schema/schema.graphql') },
    { name: 'registry', url: registry, typeDefs: read('registry.graphql') },
  ]);
  if (errors) throw new Error(errors.map(({ message }) => message).join('\n'));
  return supergraphSdl;
}
