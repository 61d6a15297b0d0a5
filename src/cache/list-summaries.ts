import type { Answer, Call } from '../qcc/call.js';
import { disagreementKey, listKey } from './cache-key.js';
import type { Reading } from './cache-reader.js';
import type { ListSummary, LoadedPage } from './cached-item.js';
import { encode, type StoredDisagreement, storedDisagreement, storedList } from './entry.js';
import type { TieredCache } from './tiered-cache.js';

/** What is known about whole lists: the newest answer to any page of a list says how long it is. */
export class ListSummaries {
  /**
   * @param ttl milliseconds that a summary serves
   * @param now milliseconds since 1970
   */
  constructor(
    private readonly cache: TieredCache,
    private readonly ttl: number,
    private readonly now: () => number,
  ) {}

  async read(searchKey: string, { dependencies, oldest }: Reading): Promise<ListSummary | undefined> {
    const key = listKey(searchKey);
    const known = this.#remembered(searchKey, oldest);
    if (known) {
      dependencies?.record(key, known, known.receivedAt + this.ttl);
      return known;
    }
    dependencies?.recordOtherSource();
    const loaded = await this.cache.load(key, (entry): ListSummary => {
      const { kind: _, ...summary } = storedList.parse(entry);
      return summary;
    });
    if (loaded === undefined) return undefined;
    const meanwhile = this.#remembered(searchKey, oldest);
    if (meanwhile && meanwhile.receivedAt >= loaded.value.receivedAt) return meanwhile;
    this.cache.remember(key, loaded.value, loaded.bytes.length);
    return this.#serves(loaded.value, oldest) ? loaded.value : undefined;
  }

  /**
   * Stores what an answer says about its list, unless its total is settled.
   *
   * @returns undefined where there is nothing to store; else the write, and what puts it into memory once that is done
   */
  write<T>({ method, parameters }: Call<T>, { data, receivedAt, orderNumber }: Answer<T>, until: number) {
    const page = method.listFacts?.(data, parameters);
    if (!page || this.#remembered(page.searchKey)?.isSettled) return undefined;
    const toldBy = { receivedAt, orderNumber };
    return this.#put(page.searchKey, { ...page.facts, receivedAt, toldBy, isSettled: false }, until);
  }

  /**
   * Decides what to do about pages that disagree on the total of their list. The first time, the outdated ones are to be
   * dropped: the list has changed. If one of them is bought again and says the same, QCC contradicts itself. The total of
   * page 1 is then settled until the pages expire, and nothing is dropped.
   *
   * @returns the pages to drop
   */
  async resolve(
    searchKey: string,
    pages: readonly LoadedPage[],
    outdated: readonly LoadedPage[],
  ): Promise<readonly LoadedPage[]> {
    if (outdated.length === 0) return [];
    const key = disagreementKey(searchKey);
    const loaded = await this.cache.load(key, (entry) => storedDisagreement.parse(entry));
    const dropped = loaded?.value.dropped ?? {};
    const now = this.now();
    if (pages.some((page) => repeats(page, dropped[page.page]))) {
      await this.#settle(searchKey, pages, now);
      return [];
    }
    const nowDropped = Object.fromEntries(
      outdated.map(({ page, answer }) => [page, { says: saysOf(answer), receivedAt: answer.receivedAt }]),
    );
    const entry = encode({ kind: 'disagreement', dropped: { ...dropped, ...nowDropped } });
    await this.cache.put(key, entry, { receivedAt: now, until: now + this.ttl });
    return outdated;
  }

  async #settle(searchKey: string, pages: readonly LoadedPage[], now: number): Promise<void> {
    const first = pages.find(({ page }) => page === 1) ?? pages[0];
    if (first === undefined) return;
    const { data, receivedAt, orderNumber } = first.answer;
    const summary = {
      total: data.total ?? 0,
      verified: data.verified,
      receivedAt: now,
      toldBy: { receivedAt, orderNumber },
      isSettled: true,
    };
    const { written, remember } = this.#put(searchKey, summary, now + this.ttl);
    await written;
    remember();
  }

  #put(searchKey: string, summary: ListSummary, until: number) {
    const key = listKey(searchKey);
    const bytes = encode({ kind: 'list', ...summary });
    return {
      written: this.cache.put(key, bytes, { receivedAt: summary.receivedAt, until }),
      remember: () => this.cache.remember(key, summary, bytes.length),
    };
  }

  /** What memory holds and still serves. Another process may have replaced what has expired or is too old here. */
  #remembered(searchKey: string, oldest?: number): ListSummary | undefined {
    const known = this.cache.recall(listKey(searchKey));
    return known && !('kind' in known) && this.#serves(known, oldest) ? known : undefined;
  }

  #serves({ receivedAt, toldBy }: ListSummary, oldest = Number.NEGATIVE_INFINITY): boolean {
    return receivedAt + this.ttl > this.now() && toldBy.receivedAt >= oldest;
  }
}

/** What a page says about its list, for comparison. */
function saysOf({ data }: LoadedPage['answer']): string {
  return `${data.total} ${data.rows.length === 0 ? 'empty' : 'rows'}`;
}

/** Whether a page was dropped and bought again, and still gives the same total. */
function repeats(
  { answer }: LoadedPage,
  dropped: StoredDisagreement['dropped'][string] | undefined,
): boolean {
  return dropped !== undefined && answer.receivedAt > dropped.receivedAt && saysOf(answer) === dropped.says;
}
