import DataLoader from 'dataloader';
import { List, type OutdatedPage, type Slice } from './list.js';
import type { PageDemand } from './page-plan.js';
import type { PageSource } from './page-source.js';

interface Request {
  readonly searchKey: string;
  readonly demand: PageDemand;
}

/**
 * Loads the pages of companies' lists for one operation. The demands of one tick on one list share a plan. Each page is
 * loaded once, and a page that failed is not loaded again.
 */
export class PageLoader {
  readonly #lists = new Map<string, List>();
  readonly #loader: DataLoader<Request, Slice>;

  constructor(private readonly source: PageSource) {
    this.#loader = new DataLoader<Request, Slice>((requests) => this.#settle(requests), { cache: false });
  }

  /** @throws the error of any page that the demand needs */
  load(searchKey: string, demand: PageDemand): Promise<Slice> {
    return this.#loader.load({ searchKey, demand });
  }

  /** The pages that a newer answer about their list contradicts. */
  outdated(): (OutdatedPage & { readonly searchKey: string })[] {
    return [...this.#lists].flatMap(([searchKey, list]) =>
      list.outdated().map((page) => ({ searchKey, ...page })),
    );
  }

  async #settle(requests: readonly Request[]): Promise<(Slice | Error)[]> {
    const groups = new Map<string, Request[]>();
    for (const request of requests) {
      const group = groups.get(request.searchKey);
      if (group) group.push(request);
      else groups.set(request.searchKey, [request]);
    }
    const settled = new Map<Request, Slice | Error>();
    await Promise.all(
      [...groups].map(async ([searchKey, group]) => {
        const slices = await this.#list(searchKey).settle(group.map(({ demand }) => demand));
        for (const [index, request] of group.entries()) {
          const slice = slices[index];
          if (slice) settled.set(request, slice);
        }
      }),
    );
    return requests.map((request) => settled.get(request) ?? new Error('a demand was not planned'));
  }

  #list(searchKey: string): List {
    const known = this.#lists.get(searchKey);
    if (known) return known;
    const list = new List(searchKey, this.source);
    this.#lists.set(searchKey, list);
    return list;
  }
}
