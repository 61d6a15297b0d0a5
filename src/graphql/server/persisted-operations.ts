import { createHash } from 'node:crypto';
import type { ApolloServerOptions, ApolloServerPlugin } from '@apollo/server';
import { GraphQLError } from 'graphql';
import { z } from 'zod';
import type { Context } from '../context.js';

/** Documents by the ids that clients send in their place. */
export type Manifest = ReadonlyMap<string, string>;

const ofApollo = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(z.object({ id: z.string().min(1), body: z.string().min(1) })),
});
/** What Relay's compiler and GraphQL Code Generator write. */
const plain = z.record(z.string().min(1), z.string().min(1));

/**
 * Reads a safelist: the manifest that `generate-persisted-query-manifest` writes for Apollo Client, or an object of
 * documents by their ids.
 *
 * @throws Error saying what it should be
 */
export function readManifest(text: string): Manifest {
  const json = parsed(text);
  const apollo = ofApollo.safeParse(json);
  if (apollo.data) return new Map(apollo.data.operations.map(({ id, body }) => [id, body]));
  const { data } = plain.safeParse(json);
  if (data) return new Map(Object.entries(data));
  throw new Error(
    'PERSISTED_OPERATIONS_FILE must hold an apollo-persisted-query-manifest, or an object of documents by their ids',
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Which documents are taken: any, any of which a hash may later stand for (automatic), or those of a safelist alone. */
export type Persisted = 'off' | 'apq' | Manifest;

/** What Apollo Server is told of it. */
export function persistedQueries(
  persisted: Persisted,
): Pick<ApolloServerOptions<Context>, 'persistedQueries'> {
  if (persisted === 'apq') return {};
  if (persisted === 'off') return { persistedQueries: false };
  const prefix = 'apq:';
  return {
    persistedQueries: {
      cache: {
        get: async (key) => persisted.get(key.slice(prefix.length)),
        // The safelist is all there is: what a client sends besides is not state.
        set: async () => undefined,
        delete: async () => undefined,
      },
    },
  };
}

/** Refuses a document that is not on the safelist. It may be sent whole, or by its id. */
export function safelist(manifest: Manifest): ApolloServerPlugin<Context> {
  const listed = new Set([...manifest.values()].map(digestOf));
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ source }) {
          if (listed.has(digestOf(source))) return;
          throw new GraphQLError(
            'This gateway runs the operations of its safelist alone, and this document is not on it.',
            { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } },
          );
        },
      };
    },
  };
}

function digestOf(source: string): string {
  return createHash('sha256').update(source).digest('base64');
}
