import { readFileSync } from 'node:fs';
import { composeServices } from '@apollo/composition';
import { federateSubgraphs, ROUTER_COMPATIBILITY_VERSION_ONE } from '@wundergraph/composition';
import { parse } from 'graphql';

const read = (path) => parse(readFileSync(new URL(path, import.meta.url), 'utf8'));

/** Both subgraphs, as they are served at the given URLs. The SDL of the cases is the one that the gateway prints by default. */
const subgraphsAt = ({ cases, registry }) => [
  { name: 'cases', url: cases, typeDefs: read('../../schema/schema.graphql') },
  { name: 'registry', url: registry, typeDefs: read('registry.graphql') },
];

/**
 * Composes the supergraph as Apollo's tools do.
 *
 * @returns its SDL, for Apollo Gateway, Apollo Router, Hive Gateway and Hive Router
 * @throws Error with the composition errors
 */
export function compose(urls) {
  const { errors, supergraphSdl } = composeServices(subgraphsAt(urls));
  if (errors) throw new Error(errors.map(({ message }) => message).join('\n'));
  return supergraphSdl;
}

/**
 * Composes the supergraph as Cosmo does.
 *
 * @returns the schema that clients of Cosmo Router see
 * @throws Error with the composition errors
 */
export function composeForCosmo(urls) {
  const result = federateSubgraphs({
    subgraphs: subgraphsAt(urls).map(({ typeDefs, ...rest }) => ({ ...rest, definitions: typeDefs })),
    version: ROUTER_COMPATIBILITY_VERSION_ONE,
  });
  if (!result.success) throw new Error(result.errors.map(({ message }) => message).join('\n'));
  return result.federatedGraphClientSchema;
}
