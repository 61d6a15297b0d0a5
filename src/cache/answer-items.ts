import type { Answer, Call, Evidence } from '../qcc/call.js';
import type { CacheKey } from './cache-key.js';
import type { Reading } from './cache-reader.js';
import { type CachedItem, expiryOf } from './cached-item.js';
import { storedItem } from './entry.js';
import type { TieredCache } from './tiered-cache.js';

/** How long answers serve, in milliseconds; 0 caches none. */
export interface Lifetimes {
  readonly list: number;
  readonly detail: number;
  /** Of answers that say that there is nothing. */
  readonly empty: number;
  /** Past the TTL, where upstream fails. */
  readonly stale: number;
}

/** The answers and remembered refusals in memory and in the store, decoded. */
export class AnswerItems {
  /** @param now milliseconds since 1970 */
  constructor(
    private readonly cache: TieredCache,
    private readonly lifetimes: Lifetimes,
    private readonly now: () => number,
  ) {}

  /** What memory holds and still serves. Another process may have replaced what has expired or is too old here. */
  recall(key: CacheKey, { dependencies, oldest }: Reading = {}): CachedItem<unknown> | undefined {
    const item = this.cache.recall(key);
    const until = item && 'kind' in item ? expiryOf(item) : 0;
    const serves = until > this.now() && !(item && 'answer' in item && isOlder(item.answer, oldest));
    dependencies?.record(key, item, serves ? until : undefined);
    return serves && item && 'kind' in item ? item : undefined;
  }

  /** What the store holds, which memory holds from then on. */
  async load<T>(call: Call<T>, key: CacheKey): Promise<CachedItem<T> | undefined> {
    return this.decode(call, key, await this.cache.get(key));
  }

  /** Decodes an entry of the store and puts it into memory. */
  decode<T>(call: Call<T>, key: CacheKey, bytes: Uint8Array | undefined): CachedItem<T> | undefined {
    const loaded = this.cache.decoded(key, bytes, (entry) => this.#read(call, entry));
    if (loaded?.value) this.cache.remember(key, loaded.value, loaded.bytes.length);
    return loaded?.value;
  }

  /** Removes an answer received at `receivedAt` or before from memory and the store, unless it has been bought again since. */
  async drop<T>(call: Call<T>, key: CacheKey, receivedAt: number): Promise<void> {
    const known = this.cache.recall(key);
    if (known && 'answer' in known && known.answer.receivedAt <= receivedAt) this.cache.forget(key);
    const loaded = await this.cache.load(key, (entry) => this.#read(call, entry));
    const isOutdated = loaded?.value?.kind === 'answer' && loaded.value.answer.receivedAt <= receivedAt;
    if (loaded && isOutdated) await this.cache.drop(key, loaded.bytes);
  }

  /** How long an answer serves, in milliseconds; 0: it is not cached. */
  ttlOf<T>({ method }: Call<T>, { data }: Answer<T>): number {
    return method.isEmpty(data) ? this.lifetimes.empty : this.lifetimes[method.lifetime];
  }

  #read<T>(call: Call<T>, entry: unknown): CachedItem<T> | undefined {
    const stored = storedItem.parse(entry);
    if (stored.kind === 'failure') return stored;
    const { data, status, orderNumber, receivedAt } = stored;
    const answer = { data: call.method.stored.parse(data), status, orderNumber, receivedAt };
    const ttl = this.ttlOf(call, answer);
    return ttl === 0 ? undefined : { kind: 'answer', answer, freshUntil: receivedAt + ttl };
  }
}

function isOlder({ receivedAt }: Evidence, oldest = Number.NEGATIVE_INFINITY): boolean {
  return receivedAt < oldest;
}
