import type { CasePageFragment, PageQuery } from '../gql/graphql';
import type { Answer } from '../graph/ask';

export type Case = CasePageFragment['nodes'][number];
export type Kind = NonNullable<PageQuery['company']>['searchKeyKind'];

/** Cases of a page of QCC's list. */
export const PAGE_SIZE = 20;
/** QCC pages no further than this case. */
export const MAX_ROWS = 5000;

/** One page of a company's list, as of when it is true and under which order number it was bought. */
export type CasePage = Omit<CasePageFragment, '__typename' | 'totalCount'>;

/** A case with the page that it came in. */
export interface LocatedCase {
  readonly one: Case;
  readonly page: CasePage;
}

export interface CaseList {
  /** As the gateway sends it to QCC. */
  readonly searchKey: string;
  readonly kind: Kind;
  readonly total: number;
  /** By offset. */
  readonly pages: ReadonlyMap<number, CasePage>;
}

/** The list with a page that an answer brought; the same list if it brought none. */
export function withPage(
  list: CaseList | undefined,
  offset: number,
  { data }: Answer<PageQuery>,
): CaseList | undefined {
  const found = withFirstPage(data?.company);
  if (!found) return list;
  const page = [...found.pages.values()].map((one): [number, CasePage] => [offset, one]);
  return { ...found, pages: new Map([...(list?.pages ?? []), ...page]) };
}

/** The list of a company of which an answer has page 1; undefined if it has not. */
export function withFirstPage(company: PageQuery['company']): CaseList | undefined {
  if (!company?.endCases) return undefined;
  const { totalCount, ...page } = company.endCases;
  return {
    searchKey: company.searchKey,
    kind: company.searchKeyKind,
    total: totalCount,
    pages: new Map([[0, page]]),
  };
}

/** The offsets of all pages that can be had. */
export function allOffsets(total: number): number[] {
  const pages = Math.ceil(Math.min(total, MAX_ROWS) / PAGE_SIZE);
  return Array.from({ length: pages }, (_, index) => index * PAGE_SIZE);
}

/** The cases in QCC's order, each once: a list that grew meanwhile repeats some on its next page. */
export function casesOf({ pages }: CaseList): LocatedCase[] {
  const found = new Map<string, LocatedCase>();
  for (const [, page] of [...pages].sort(([a], [b]) => a - b)) {
    for (const one of page.nodes) if (!found.has(one.id)) found.set(one.id, { one, page });
  }
  return [...found.values()];
}

/** As of when several pages are true together: the oldest; and all their order numbers. */
export function originOf(pages: Iterable<CasePage>): Omit<CasePage, 'nodes'> | undefined {
  const all = [...pages];
  const [oldest] = all.map(({ retrievedAt }) => retrievedAt).sort();
  if (oldest === undefined) return undefined;
  return {
    retrievedAt: oldest,
    stale: all.some(({ stale }) => stale),
    orderNumbers: [...new Set(all.flatMap(({ orderNumbers }) => orderNumbers))],
  };
}
