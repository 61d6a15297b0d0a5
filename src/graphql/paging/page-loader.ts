import { foldSearchKey } from '../../qcc/search-key.js';
import { toError } from '../errors.js';
import { createYieldToEventLoop } from '../yield-to-event-loop.js';
import { List, type Slice } from './list.js';
import type { PageDemand } from './page-plan.js';
import type { PageSource } from './page-source.js';

/** What meeting one demand takes, in cases. */
const DEMAND_WORK = 0.5;

/** A demand that waits for its slice. */
interface Request {
  readonly searchKey: string;
  readonly demand: PageDemand;
  readonly resolve: (slice: Slice) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Loads the pages of companies' lists for one operation. Demands on one list share a plan if they come in one tick, or wait
 * for a turn of the event loop at that time. Each page is loaded once, and a page that failed is not loaded again. Equal
 * demands get the same slice.
 */
export class PageLoader {
  readonly #lists = new Map<string, List>();
  readonly #slices = new Map<string, Promise<Slice>>();
  /** Requests that wait for the next plan. */
  #waiting: Request[] = [];

  constructor(
    private readonly source: PageSource,
    private readonly yieldToEventLoop = createYieldToEventLoop(),
  ) {}

  /** @throws the error of any page that the demand needs */
  load(searchKey: string, demand: PageDemand): Promise<Slice> {
    const key = JSON.stringify([searchKey, demand]);
    const known = this.#slices.get(key);
    if (known) return known;
    const slice = new Promise<Slice>((resolve, reject) => {
      if (this.#waiting.length === 0) this.#schedule();
      this.#waiting.push({ searchKey, demand, resolve, reject });
    });
    this.#slices.set(key, slice);
    return slice;
  }

  /** The lists that were loaded. */
  get lists(): Iterable<List> {
    return this.#lists.values();
  }

  /** Makes a plan when all fields that wait for a turn of the event loop have had it, so that they share the plan. */
  #schedule(): void {
    const settleWhenIdle = () => {
      if (this.yieldToEventLoop(0)) setImmediate(settleWhenIdle);
      else void this.#settle(this.#waiting.splice(0));
    };
    // After the promises that are settled already, and those that wait for them.
    void Promise.resolve().then(() => process.nextTick(settleWhenIdle));
  }

  async #settle(requests: readonly Request[]): Promise<void> {
    const groups = [...this.#groupByCompany(requests)];
    const settled = await Promise.all(
      groups.map(async ([company, group]) => {
        await this.#turnFor(group);
        const [{ searchKey } = { searchKey: company }] = group;
        const demands = group.map(({ demand }) => demand);
        return this.#list(company, searchKey)
          .settle(demands)
          .catch((error: unknown) => demands.map(() => toError(error)));
      }),
    );
    for (const [index, [, group]] of groups.entries()) {
      await this.#turnFor(group);
      for (const [place, { resolve, reject }] of group.entries()) {
        const slice = settled[index]?.[place] ?? new Error('a demand was not planned');
        if (slice instanceof Error) reject(slice);
        else resolve(slice);
      }
    }
  }

  async #turnFor({ length }: readonly Request[]): Promise<void> {
    const pause = this.yieldToEventLoop(DEMAND_WORK * length);
    if (pause) await pause;
  }

  #groupByCompany(requests: readonly Request[]): Map<string, Request[]> {
    const groups = new Map<string, Request[]>();
    const folded = new Map<string, string>();
    for (const request of requests) {
      const company = folded.get(request.searchKey) ?? foldSearchKey(request.searchKey);
      folded.set(request.searchKey, company);
      const group = groups.get(company);
      if (group) group.push(request);
      else groups.set(company, [request]);
    }
    return groups;
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
