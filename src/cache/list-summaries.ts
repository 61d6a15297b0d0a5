import type { Answer, Call } from '../qcc/call.js';
import { listKey } from './cache-key.js';
import type { ListSummary } from './cached-item.js';
import type { Dependencies } from './dependencies.js';
import { encode, storedList } from './entry.js';
import type { TieredCache } from './tiered-cache.js';

/** What is known about whole lists: the newest answer to any page of a list says how long it is. */
export class ListSummaries {
  /**
   * @param ttl milliseconds that a summary serves
   * @param now milliseconds since 1970
   */
  constructor(
    private readonly tiers: TieredCache,
    private readonly ttl: number,
    private readonly now: () => number,
  ) {}

  async read(searchKey: string, dependencies?: Dependencies): Promise<ListSummary | undefined> {
    const key = listKey(searchKey);
    const known = this.tiers.recall(key);
    // Another process may have replaced what has expired here.
    if (known && !('kind' in known) && this.#isFresh(known)) {
      dependencies?.record(key, known, known.receivedAt + this.ttl);
      return known;
    }
    dependencies?.recordOtherSource();
    const loaded = await this.tiers.load(key, (entry): ListSummary => {
      const { total, verified, receivedAt } = storedList.parse(entry);
      return { total, verified, receivedAt };
    });
    if (loaded === undefined) return undefined;
    const meanwhile = this.tiers.recall(key);
    const newest =
      meanwhile && !('kind' in meanwhile) && meanwhile.receivedAt >= loaded.value.receivedAt
        ? meanwhile
        : loaded.value;
    if (newest === loaded.value) this.tiers.remember(key, newest, loaded.bytes.length);
    return this.#isFresh(newest) ? newest : undefined;
  }

  /**
   * Stores what an answer says about its list.
   *
   * @returns undefined where it says nothing; else the write, and what puts it into memory once that is done
   */
  write<T>({ method, parameters }: Call<T>, { data, receivedAt }: Answer<T>, until: number) {
    const page = method.listFacts?.(data, parameters);
    if (!page) return undefined;
    const key = listKey(page.searchKey);
    const summary: ListSummary = { ...page.facts, receivedAt };
    const bytes = encode({ kind: 'list', ...summary });
    return {
      written: this.tiers.put(key, bytes, until),
      remember: () => this.tiers.remember(key, summary, bytes.length),
    };
  }

  #isFresh({ receivedAt }: ListSummary): boolean {
    return receivedAt + this.ttl > this.now();
  }
}
