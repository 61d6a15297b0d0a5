import type { ApolloServerOptions, ApolloServerPlugin } from '@apollo/server';
import { GraphQLError } from 'graphql';
import * as z from 'zod';
import type { Context } from '../context.js';

/** The documents of a safelist, by the ids that clients may send instead of them. */
export type Manifest = ReadonlyMap<string, string>;

/** The format of `generate-persisted-query-manifest` (Apollo Client). */
const apolloManifest = z
  .object({
    format: z.literal('apollo-persisted-query-manifest'),
    version: z.literal(1),
    operations: z.array(z.object({ id: z.string().min(1), body: z.string().min(1) })),
  })
  .transform(({ operations }) => new Map(operations.map(({ id, body }) => [foldHash(id), body])));
/** The format of relay-compiler and GraphQL Code Generator: an object of documents by id. */
const documentsById = z
  .record(z.string().min(1), z.string().min(1))
  .transform((documents) => new Map(Object.entries(documents).map(([id, body]) => [foldHash(id), body])));

const SHA256 = /^[0-9a-f]{64}$/i;

/** Reads a safelist in either format, with or without a byte order mark. Undefined if the text has neither format. */
export function readManifest(text: string): Manifest | undefined {
  try {
    return z.union([apolloManifest, documentsById]).safeParse(JSON.parse(text.replace(/^\ufeff/, ''))).data;
  } catch {
    return undefined;
  }
}

/** `off`; `apq`: automatic persisted queries; a manifest: only the documents of a safelist are accepted. */
export type Persisted = 'off' | 'apq' | Manifest;

/** Apollo Server's options for persisted queries. */
export function persistedQueries(
  persisted: Persisted,
): Pick<ApolloServerOptions<Context>, 'persistedQueries'> {
  if (persisted === 'apq') return {};
  if (persisted === 'off') return { persistedQueries: false };
  // Apollo Server puts it before the id.
  const prefix = 'apq:';
  return {
    persistedQueries: {
      cache: {
        get: async (key) => persisted.get(key.slice(prefix.length)),
        // Clients cannot add documents to a safelist.
        set: async () => undefined,
        delete: async () => undefined,
      },
    },
  };
}

/** Folds the hash of a persisted query, which a client may write in capitals too. */
export const hashInLowerCase: ApolloServerPlugin<Context> = {
  async requestDidStart({ request: { extensions } }) {
    const persistedQuery: { sha256Hash: string } | undefined = extensions?.persistedQuery;
    if (persistedQuery) persistedQuery.sha256Hash = foldHash(persistedQuery.sha256Hash);
  },
};

/** The ids of a safelist may be anything: only a hash is folded. */
function foldHash(id: string): string {
  return SHA256.test(id) ? id.toLowerCase() : id;
}

/** Refuses documents that are not on the safelist. A document on it may be sent as text or by its id. */
export function safelist(manifest: Manifest): ApolloServerPlugin<Context> {
  const listed = new Set(manifest.values());
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ source }) {
          if (listed.has(source)) return;
          throw new GraphQLError(
            'This gateway runs only the operations on its safelist. This document is not one of them.',
            { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } },
          );
        },
      };
    },
  };
}
