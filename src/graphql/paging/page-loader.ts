import DataLoader from 'dataloader';
import { foldSearchKey } from '../../qcc/search-key.js';
import { createYieldToEventLoop } from '../yield-to-event-loop.js';
import { List, type Slice } from './list.js';
import type { PageDemand } from './page-plan.js';
import type { PageSource } from './page-source.js';

/** What meeting one demand takes, in cases. */
const DEMAND_WORK = 0.5;

interface Request {
  readonly searchKey: string;
  readonly demand: PageDemand;
}

/**
 * Loads the pages of companies' lists for one operation. The demands of one tick on one list, and of fields that wait for a
 * turn of the event loop, share a plan. Each page is
 * loaded once, and a page that failed is not loaded again. Equal demands get the same slice.
 */
export class PageLoader {
  readonly #lists = new Map<string, List>();
  readonly #loader: DataLoader<Request, Slice, string>;

  constructor(
    private readonly source: PageSource,
    private readonly yieldToEventLoop = createYieldToEventLoop(),
  ) {
    this.#loader = new DataLoader<Request, Slice, string>((requests) => this.#settle(requests), {
      cacheKeyFn: ({ searchKey, demand }) => JSON.stringify([searchKey, demand]),
      batchScheduleFn: (dispatch) => this.#schedule(dispatch),
    });
  }

  /** @throws the error of any page that the demand needs */
  load(searchKey: string, demand: PageDemand): Promise<Slice> {
    return this.#loader.load({ searchKey, demand });
  }

  /** The lists that were loaded. */
  get lists(): Iterable<List> {
    return this.#lists.values();
  }

  /** Makes a plan when all fields that wait for a turn of the event loop have had it, so that they share the plan. */
  #schedule(dispatch: () => void): void {
    const dispatchWhenIdle = () => {
      if (this.yieldToEventLoop(0)) setImmediate(dispatchWhenIdle);
      else dispatch();
    };
    // As DataLoader itself does: after the promises that are settled already.
    void Promise.resolve().then(() => process.nextTick(dispatchWhenIdle));
  }

  async #settle(requests: readonly Request[]): Promise<(Slice | Error)[]> {
    const groups = new Map<string, Request[]>();
    const folded = new Map<string, string>();
    for (const request of requests) {
      const company = folded.get(request.searchKey) ?? foldSearchKey(request.searchKey);
      folded.set(request.searchKey, company);
      const group = groups.get(company);
      if (group) group.push(request);
      else groups.set(company, [request]);
    }
    const settled = new Map<Request, Slice | Error>();
    await Promise.all(
      [...groups].map(async ([company, group]) => {
        const pause = this.yieldToEventLoop(DEMAND_WORK * group.length);
        if (pause) await pause;
        const [{ searchKey } = { searchKey: company }] = group;
        const slices = await this.#list(company, searchKey).settle(group.map(({ demand }) => demand));
        for (const [index, request] of group.entries()) {
          const slice = slices[index];
          if (slice) settled.set(request, slice);
        }
      }),
    );
    return requests.map((request) => settled.get(request) ?? new Error('a demand was not planned'));
  }

  /** One list a company, whatever the spelling of its key; QCC gets the first. */
  #list(company: string, searchKey: string): List {
    const known = this.#lists.get(company);
    if (known) return known;
    const list = new List(searchKey, this.source);
    this.#lists.set(company, list);
    return list;
  }
}
