import { LRUCache } from 'lru-cache';
import type { ReportFault, Store } from '../store/store.js';
import { type CacheKey, storeKey } from './cache-key.js';
import type { Dependencies, Remembered } from './dependencies.js';
import { decode } from './entry.js';

/** A decoded entry takes about this many times the memory of its JSON. */
const DECODED_SIZE = 3;
/** Bytes that the smallest entry takes in memory. */
const MIN_SIZE = 200;

/** An entry of the store, with the bytes it was read from. */
interface Loaded<V> {
  readonly value: V;
  readonly bytes: Uint8Array;
}

/** When what an entry holds was received, and until when the store keeps it. */
export interface Lifespan {
  readonly receivedAt: number;
  readonly until: number;
}

/**
 * Two tiers: memory, bounded by bytes, in front of the store. A store that fails counts as a miss and is reported: the
 * caller still gets the answer that was bought.
 */
export class TieredCache {
  readonly #memory: LRUCache<CacheKey, Remembered>;
  /** Counts changes to memory. */
  #version = 0;

  /** @param memoryLimit bytes that decoded entries may take in this process */
  constructor(
    private readonly store: Pick<Store, 'entries'>,
    memoryLimit: number,
    private readonly report: ReportFault,
  ) {
    this.#memory = new LRUCache({ maxSize: Math.max(1, memoryLimit) });
  }

  /** What memory holds under a key, expired or not. */
  recall(key: CacheKey): Remembered | undefined {
    return this.#memory.get(key);
  }

  /** @param bytes the size of the entry in the store */
  remember(key: CacheKey, entry: Remembered, bytes: number): void {
    this.#version += 1;
    this.#memory.set(key, entry, { size: MIN_SIZE + key.length + DECODED_SIZE * bytes });
  }

  forget(key: CacheKey): void {
    this.#version += 1;
    this.#memory.delete(key);
  }

  /** Whether memory still holds exactly what was recorded. */
  matches(dependencies: Dependencies): boolean {
    if (dependencies.checkedVersion === this.#version) return true;
    if (!dependencies.matches(this.#memory)) return false;
    dependencies.checkedVersion = this.#version;
    return true;
  }

  /** Reads an entry of the store; undefined where there is none, or none that can be read. */
  async load<V>(key: CacheKey, read: (entry: unknown) => V): Promise<Loaded<V> | undefined> {
    return this.decoded(key, await this.get(key), read);
  }

  /** Decodes an entry; undefined where there is none, or none that can be read. */
  decoded<V>(
    key: CacheKey,
    bytes: Uint8Array | undefined,
    read: (entry: unknown) => V,
  ): Loaded<V> | undefined {
    if (bytes === undefined) return undefined;
    try {
      const entry = decode(bytes);
      return entry === undefined ? undefined : { value: read(entry), bytes };
    } catch (error) {
      this.report(`a cached answer cannot be read and is ignored (${storeKey(key)})`, error);
      return undefined;
    }
  }

  get(key: CacheKey): Promise<Uint8Array | undefined> {
    return this.store.entries.get(storeKey(key)).catch(this.#failed);
  }

  /** Times are milliseconds since 1970. */
  put(key: CacheKey, bytes: Uint8Array, { receivedAt, until }: Lifespan): Promise<void> {
    return this.store.entries.put(storeKey(key), bytes, until, receivedAt).catch(this.#failed);
  }

  /** Removes an entry of the store if it still holds these bytes. */
  drop(key: CacheKey, bytes: Uint8Array): Promise<void> {
    return this.store.entries.drop(storeKey(key), bytes).catch(this.#failed);
  }

  readonly #failed = (error: unknown): undefined => {
    this.report('the store could not be read or written; the request continues without it', error);
  };
}
