import { readFileSync } from 'node:fs';
import { composeServices } from '@apollo/composition';
import { federateSubgraphs, ROUTER_COMPATIBILITY_VERSION_ONE } from '@wundergraph/composition';
import { parse } from 'graphql';

const read = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');

/** The SDL that the gateway prints by default. */
const DEFAULT_SDL = read('../../schema/schema.graphql');

/** Both subgraphs, as they are served at the given URLs. */
const subgraphsAt = ({ cases, registry }, sdl) => [
  { name: 'cases', url: cases, typeDefs: parse(sdl) },
  { name: 'registry', url: registry, typeDefs: parse(read('registry.graphql')) },
];

/**
 * Composes the supergraph as Apollo's tools do.
 *
 * @param sdl of the cases
 * @returns its SDL, for Apollo Gateway, Apollo Router, Hive Gateway and Hive Router
 * @throws Error with the composition errors
 */
export function compose(urls, sdl = DEFAULT_SDL) {
  const { errors, supergraphSdl } = composeServices(subgraphsAt(urls, sdl));
  if (errors) throw new Error(errors.map(({ message }) => message).join('\n'));
  return supergraphSdl;
}

/**
 * Composes the supergraph as Cosmo does.
 *
 * @param sdl of the cases
 * @returns the schema that clients of Cosmo Router see
 * @throws Error with the composition errors
 */
export function composeForCosmo(urls, sdl = DEFAULT_SDL) {
  const result = federateSubgraphs({
    subgraphs: subgraphsAt(urls, sdl).map(({ typeDefs, ...rest }) => ({ ...rest, definitions: typeDefs })),
    version: ROUTER_COMPATIBILITY_VERSION_ONE,
  });
  if (!result.success) throw new Error(result.errors.map(({ message }) => message).join('\n'));
  return result.federatedGraphClientSchema;
}
