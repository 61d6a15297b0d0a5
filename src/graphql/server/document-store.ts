import type { ApolloServerOptions } from '@apollo/server';
import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Context } from '../context.js';

/** Bytes that parsed documents may take, and about how many each character of one takes: names, values, places, tokens. */
const MAX_BYTES = 16 * 1024 * 1024;
const BYTES_PER_CHARACTER = 80;

type DocumentStore = NonNullable<ApolloServerOptions<Context>['documentStore']>;

/** Documents that have been parsed and found valid, bounded by the memory that they really take. */
export function documentStore(): DocumentStore {
  const documents = new LRUCache<string, DocumentNode>({ maxSize: MAX_BYTES });
  return {
    get: async (key) => documents.get(key),
    set: async (key, document) => {
      documents.set(key, document, { size: BYTES_PER_CHARACTER * (document.loc?.end ?? 1) });
    },
    delete: async (key) => documents.delete(key),
  };
}
