import type { Answer, Call } from '../qcc/call.js';
import type { QccError } from '../qcc/error.js';
import { getList } from '../qcc/methods.js';
import type { Claim } from '../store/store.js';
import { AnswerItems, type Lifetimes } from './answer-items.js';
import { answerKeys, exactKey, failureKey, pauseKey, storeKey } from './cache-key.js';
import type { CacheReader, Reading } from './cache-reader.js';
import {
  type CachedItem,
  type CacheHit,
  choose,
  type ListSummary,
  type LoadedPage,
  type Lookup,
} from './cached-item.js';
import type { Dependencies } from './dependencies.js';
import { encode, storedFailure } from './entry.js';
import { fromStoredFailure, toStoredFailure } from './failure.js';
import { ListSummaries } from './list-summaries.js';
import type { TieredCache } from './tiered-cache.js';

/** How long a call is not made again after its stale answer was served, in milliseconds. */
const PAUSE = 30_000;
/** How long a failure is stored for those who waited for the flight, in milliseconds. */
const FAILURE_TTL = 60_000;

/** The outcome of a claim: what the cache has, or who holds the lease now. */
export type ClaimOutcome<T> = Lookup<T> & { readonly holder?: string };

/**
 * The answers that were bought. Answers with data are cached under the folded name of their company, all others under the
 * exact text, since QCC may know one spelling and not another.
 */
export class AnswerCache implements CacheReader {
  readonly #items: AnswerItems;
  readonly #lists: ListSummaries;

  /** @param now milliseconds since 1970 */
  constructor(
    private readonly cache: TieredCache,
    private readonly lifetimes: Lifetimes,
    private readonly now: () => number,
  ) {
    this.#items = new AnswerItems(cache, lifetimes, now);
    this.#lists = new ListSummaries(cache, lifetimes.list, now);
  }

  /** What serves a call from memory. */
  recall<T>(call: Call<T>, reading: Reading = {}): CacheHit<T> | undefined {
    const items = answerKeys(call).map((key) => this.#items.recall(key, reading));
    return this.#choose(call, items, reading).hit;
  }

  /** What memory and the store have for a call. */
  async lookUp<T>(call: Call<T>, { oldest }: Reading = {}): Promise<Lookup<T>> {
    const items = answerKeys(call).map(
      (key) => this.#items.recall(key, { oldest }) ?? this.#items.load(call, key),
    );
    return this.#withPause(call, await Promise.all(items), { oldest });
  }

  /** Looks a call up in the store and, if neither an answer nor a recent failure is there, takes its lease. */
  async claim<T>(
    call: Call<T>,
    { oldest }: Reading,
    claim: (entries: readonly string[]) => Promise<Claim>,
  ): Promise<ClaimOutcome<T>> {
    const keys = answerKeys(call);
    const claimed = await claim([...keys, failureKey(call)].map(storeKey));
    if ('holder' in claimed) return claimed;
    return this.#withPause(
      call,
      keys.map((key, index) => this.#items.decode(call, key, claimed.entries[index])),
      { oldest },
    );
  }

  async read<T>(call: Call<T>, reading: Reading = {}): Promise<CacheHit<T> | undefined> {
    const recalled = this.recall(call, reading);
    if (recalled) return recalled;
    reading.dependencies?.recordOtherSource();
    return (await this.lookUp(call, reading)).hit;
  }

  async readList(searchKey: string, reading: Reading = {}): Promise<ListSummary | undefined> {
    const summary = await this.#lists.read(searchKey, reading);
    if (summary) return summary;
    // A list without cases has no summary: its first page says so.
    const { oldest } = reading;
    const first = await this.read(getList.call({ searchKey, page: 1 }), { oldest });
    if (first?.kind !== 'answer') return undefined;
    const { data, receivedAt } = first.answer;
    const { total, verified } = data;
    return total === null
      ? undefined
      : { total, verified, receivedAt, toldBy: first.answer, isSettled: false };
  }

  /** Whether a response made of these would be the same now. */
  matches(dependencies: Dependencies): boolean {
    return dependencies.validUntil > this.now() && this.cache.matches(dependencies);
  }

  /**
   * Stores an answer. Resolves once everyone can read it.
   *
   * @param beside other writes about the same answer: memory serves it only after they are done
   */
  async store<T>(call: Call<T>, answer: Answer<T>, beside: readonly Promise<void>[] = []): Promise<void> {
    const ttl = this.#items.ttlOf(call, answer);
    if (ttl === 0) {
      await Promise.all(beside);
      return;
    }
    const freshUntil = answer.receivedAt + ttl;
    const bytes = encode({ kind: 'answer', ...answer });
    const key = call.method.isEmpty(answer.data) ? exactKey(call) : answerKeys(call)[0];
    const { receivedAt } = answer;
    const written = this.cache.put(key, bytes, { receivedAt, until: freshUntil + this.lifetimes.stale });
    const list = this.#lists.write(call, answer, freshUntil);
    const other = this.#storeAlso(call, answer, beside);
    await Promise.all([written, list?.written, other, ...beside]);
    this.cache.remember(key, { kind: 'answer', answer, freshUntil }, bytes.length);
    list?.remember();
  }

  /** Stores an answer under the question that QCC answered in place of the one it was asked. */
  async #storeAlso<T>(
    { method, parameters }: Call<T>,
    answer: Answer<T>,
    beside: readonly Promise<void>[],
  ): Promise<void> {
    const other = method.alsoAnswers?.(answer.data, parameters);
    if (other) await this.store({ method, parameters: other }, answer, beside);
  }

  /** Stores a failure for those who waited for the flight and, if it is a billed refusal, for everyone for a while. */
  async storeFailure<T>(call: Call<T>, error: QccError, flight: string): Promise<void> {
    const failure = toStoredFailure(error, flight, this.now());
    if (failure === undefined) return;
    const bytes = encode(failure);
    const { until, failedAt: receivedAt } = failure;
    if (until > 0) {
      this.cache.remember(exactKey(call), failure, bytes.length);
      await this.cache.put(exactKey(call), bytes, { receivedAt, until });
    }
    await this.cache.put(failureKey(call), bytes, { receivedAt, until: receivedAt + FAILURE_TTL });
  }

  /** The last failure of a call, with its flight and time. */
  async lastFailure<T>(
    call: Call<T>,
  ): Promise<{ error: QccError; flight: string; failedAt: number } | undefined> {
    const loaded = await this.cache.load(failureKey(call), (entry) => storedFailure.parse(entry));
    return loaded && { ...loaded.value, error: fromStoredFailure(loaded.value, this.now()) };
  }

  /** Serves the stale answer for a while without another attempt. */
  async pause<T>(call: Call<T>): Promise<void> {
    const until = this.now() + PAUSE;
    const receivedAt = Date.now();
    const bytes = Buffer.from(String(until));
    await this.cache.put(pauseKey(call), bytes, { receivedAt, until: receivedAt + PAUSE });
  }

  async dropOutdated(
    searchKey: string,
    pages: readonly LoadedPage[],
    outdated: readonly LoadedPage[],
  ): Promise<void> {
    for (const { page, answer } of await this.#lists.resolve(searchKey, pages, outdated)) {
      const call = getList.call({ searchKey, page });
      for (const key of answerKeys(call)) await this.#items.drop(call, key, answer.receivedAt);
    }
  }

  #choose<T>(
    call: Call<T>,
    items: readonly (CachedItem<unknown> | undefined)[],
    { oldest = Number.NEGATIVE_INFINITY }: Reading,
  ): Lookup<T> {
    return choose(call, items, { now: this.now(), oldest, staleTtl: this.lifetimes.stale });
  }

  async #withPause<T>(
    call: Call<T>,
    items: readonly (CachedItem<unknown> | undefined)[],
    reading: Reading,
  ): Promise<Lookup<T>> {
    const lookup = this.#choose(call, items, reading);
    if (lookup.hit || !lookup.stale) return lookup;
    const pausedUntil = await this.cache.get(pauseKey(call));
    if (pausedUntil === undefined || Number(Buffer.from(pausedUntil).toString()) <= this.now()) return lookup;
    return { hit: { kind: 'answer', answer: lookup.stale, stale: true } };
  }
}
