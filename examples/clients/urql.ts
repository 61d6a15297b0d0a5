import { Client, fetchExchange } from '@urql/core';
import { cacheExchange, type Resolver } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';

const joinRows = relayPagination();

/** Joins the pages of a list. Also unites where they come from: the oldest date, any page that is stale, all numbers. */
const endCases: Resolver = (parent, args, cache, info) => {
  // Without arguments there is nothing to join.
  if (Object.keys(args).length === 0) return cache.resolve(info.parentKey, info.fieldName);
  const list = joinRows(parent, args, cache, info);
  if (typeof list !== 'object' || list === null) return list;
  const pages = cache
    .inspectFields(info.parentKey)
    .filter(({ fieldName, arguments: of }) => fieldName === info.fieldName && of?.offset === args.offset)
    .map(({ fieldKey }) => cache.resolve(info.parentKey, fieldKey))
    .filter((page) => typeof page === 'string');
  const all = (field: string) => pages.flatMap((page) => cache.resolve(page, field) ?? []);
  const dates = all('retrievedAt').map(String);
  const stale = all('stale');
  const numbers = all('orderNumbers').map(String);
  return {
    ...list,
    ...(dates.length > 0 && { retrievedAt: dates.sort()[0] }),
    ...(stale.length > 0 && { stale: stale.includes(true) }),
    ...(numbers.length > 0 && { orderNumbers: [...new Set(numbers)] }),
  };
};

/** The key of an object that need not select the field that identifies it. */
const keyOf = (value: unknown) => (typeof value === 'string' ? value : null);

export const createClient = (url: string, fetch = globalThis.fetch) =>
  new Client({
    url,
    fetch,
    // The gateway refuses a GET without a preflight header.
    preferGetMethod: false,
    exchanges: [
      cacheExchange({
        keys: {
          Company: ({ searchKey }) => keyOf(searchKey),
          EndCase: ({ id }) => keyOf(id),
          EndCaseConnection: () => null,
          EndCaseDetail: () => null,
          EndCaseEdge: () => null,
          JudgmentDebtor: () => null,
          PageInfo: () => null,
        },
        resolvers: { Company: { endCases } },
      }),
      fetchExchange,
    ],
  });
