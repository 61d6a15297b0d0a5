import type { Call } from '../qcc/call.js';
import type { CacheHit, ListSummary, LoadedPage } from './cached-item.js';
import type { Dependencies } from './dependencies.js';

/** How the cache is read. */
export interface Reading {
  /** Records what was read from memory. */
  readonly dependencies?: Dependencies | undefined;
  /** What was received before this time does not serve, in milliseconds since 1970. Default: any age serves. */
  readonly oldest?: number | undefined;
}

/** What the graph reads of the cache. */
export interface CacheReader {
  /** What serves a call now; undefined where it must be bought. */
  read<T>(call: Call<T>, reading?: Reading): Promise<CacheHit<T> | undefined>;
  /** The summary of a company's list, where one is cached and fresh. */
  readList(searchKey: string, reading?: Reading): Promise<ListSummary | undefined>;
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
