import type { Call } from '../qcc/call.js';
import type { CacheHit, ListSummary, LoadedPage } from './cached-item.js';
import type { Dependencies } from './dependencies.js';

/** What the graph reads of the cache. `dependencies` records what was read from memory. */
export interface CacheReader {
  /** What serves a call now; undefined where it must be bought. */
  read<T>(call: Call<T>, dependencies?: Dependencies): Promise<CacheHit<T> | undefined>;
  /** The summary of a company's list, where one is cached and fresh. */
  readList(searchKey: string, dependencies?: Dependencies): Promise<ListSummary | undefined>;
  /**
   * Drops the outdated pages of a list, once.
   *
   * @param pages what the operation has loaded of the list
   * @param outdated those that a newer answer contradicts
   */
  dropOutdated(
    searchKey: string,
    pages: readonly LoadedPage[],
    outdated: readonly LoadedPage[],
  ): Promise<void>;
}
