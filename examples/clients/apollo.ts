import { type FieldPolicy, InMemoryCache } from '@apollo/client';

/** The fields of `endCases` that this cache joins. A query need not select all of them. */
interface Page {
  readonly edges?: readonly { readonly cursor?: string }[] | undefined;
  readonly nodes?: readonly unknown[] | undefined;
  readonly pageInfo?: PageInfo | undefined;
  readonly retrievedAt?: string | undefined;
  readonly stale?: boolean | undefined;
  readonly orderNumbers?: readonly string[] | undefined;
}
interface PageInfo {
  readonly startCursor?: string | null | undefined;
  readonly endCursor?: string | null | undefined;
  readonly hasPreviousPage?: boolean | undefined;
}
interface List extends Page {
  readonly pages: readonly Page[];
}

/** The cursor that the next page comes after. */
const endOf = ({ pageInfo, edges }: Page) => pageInfo?.endCursor ?? edges?.at(-1)?.cursor;

/** The pages as one list: all rows, the oldest date, whether any page is stale, and all order numbers. */
function join(pages: readonly Page[]): List {
  const [{ pageInfo: start }, last] = [pages.at(0) ?? {}, pages.at(-1) ?? {}];
  return {
    ...last,
    pages,
    edges: last.edges && pages.flatMap(({ edges = [] }) => edges),
    nodes: last.nodes && pages.flatMap(({ nodes = [] }) => nodes),
    pageInfo: last.pageInfo && {
      ...last.pageInfo,
      startCursor: start?.startCursor,
      hasPreviousPage: start?.hasPreviousPage,
    },
    retrievedAt: last.retrievedAt && pages.flatMap((page) => page.retrievedAt ?? []).sort()[0],
    stale: last.stale === undefined ? undefined : pages.some(({ stale }) => stale),
    orderNumbers: last.orderNumbers && [...new Set(pages.flatMap(({ orderNumbers = [] }) => orderNumbers))],
  };
}

/** Puts each page after the one whose end it was asked for, whether a query selects `nodes`, `edges` or both. */
const endCases: FieldPolicy<List, Page> = {
  keyArgs: ['first', 'last', 'before', 'offset'],
  merge(existing, incoming, { args }) {
    const known = existing?.pages ?? [];
    const index = args?.after ? known.findIndex((page) => endOf(page) === args.after) + 1 : 0;
    const replaced = known[index];
    // Another query may have selected other fields of the same page.
    const isSame = replaced && (endOf(replaced) ?? endOf(incoming)) === (endOf(incoming) ?? endOf(replaced));
    return isSame
      ? join([...known.slice(0, index), { ...replaced, ...incoming }, ...known.slice(index + 1)])
      : join([...known.slice(0, index), incoming]);
  },
};

export const createCache = () =>
  new InMemoryCache({
    typePolicies: {
      // A query need not select `searchKey`: the company then has no entry of its own in the cache.
      Company: {
        keyFields: ({ searchKey }) => (searchKey ? `Company:${searchKey}` : false),
        merge: true,
        fields: { endCases },
      },
      EndCaseDetail: { keyFields: false, merge: true },
      JudgmentDebtor: { merge: true },
    },
  });
