import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { composeServices } from '@apollo/composition';
import { Kind, parse, visit } from 'graphql';

const read = (path) => parse(readFileSync(new URL(path, import.meta.url), 'utf8'));

/**
 * Composes the supergraph of both subgraphs, which are served at the given URLs.
 *
 * @param scopes false for a router that does not start with `@requiresScopes`. Removing the directive is safe, because the
 * gateway checks scopes itself.
 * @throws Error with the composition errors
 */
export function compose({ cases, registry }, { scopes = true } = {}) {
  const schema = read('../../schema/schema.graphql');
  const { errors, supergraphSdl } = composeServices([
    { name: 'cases', url: cases, typeDefs: scopes ? schema : withoutScopes(schema) },
    { name: 'registry', url: registry, typeDefs: read('registry.graphql') },
  ]);
  if (errors) throw new Error(errors.map(({ message }) => message).join('\n'));
  return supergraphSdl;
}

function withoutScopes(schema) {
  return visit(schema, {
    Directive: ({ name }) => (name.value === 'requiresScopes' ? null : undefined),
    ListValue: (list) => ({
      ...list,
      values: list.values.filter(({ kind, value }) => kind !== Kind.STRING || value !== '@requiresScopes'),
    }),
  });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const urls = { cases: 'http://127.0.0.1:4000/graphql', registry: 'http://127.0.0.1:4001/' };
  writeFileSync(new URL('supergraph.graphql', import.meta.url), compose(urls));
}
