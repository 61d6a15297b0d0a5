import type { ApolloServerOptions } from '@apollo/server';
import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Context } from '../context.js';

/** The memory for parsed documents, in bytes, and about how much of it a parsed document needs for each character of its text. */
const MAX_BYTES = 16 * 1024 * 1024;
const BYTES_PER_CHARACTER = 80;

type DocumentStore = NonNullable<ApolloServerOptions<Context>['documentStore']>;

/** A cache of parsed and validated documents, limited by the memory that they need. */
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
