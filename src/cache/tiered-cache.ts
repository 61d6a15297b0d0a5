import { LRUCache } from 'lru-cache';
import type { Answer, Answers, MethodName } from '../qcc/methods.js';
import type { Claimed, ReportFault, Store } from '../store/store.js';
import type { ListHead } from '../upstream/handler.js';
import { keyOf, type Place } from './cache-key.js';
import type { Dependencies } from './dependencies.js';
import { decode, type KeptFailure } from './entry.js';

/** A decoded answer takes about so many times the room of its JSON. */
const DECODED = 3;
/** Bytes that the smallest thing in memory takes. */
const LEAST = 200;

/** What lies at the place of a question. Times are milliseconds since 1970. */
export type Item<M extends MethodName> =
  | { readonly kind: 'answer'; readonly answer: Answer<Answers[M]>; readonly freshUntil: number }
  | KeptFailure;

/** What memory holds at a place. */
export type Remembered = Item<MethodName> | ListHead;

/**
 * Memory, bounded by bytes, before the store. A store that fails is a miss, and reported: what has been paid for goes to
 * whoever asked all the same.
 */
export class TieredCache {
  readonly #memory: LRUCache<Place, Remembered>;
  #changes = 0;

  /** @param memory bytes that decoded answers may take in this process */
  constructor(
    private readonly store: Pick<Store, 'get' | 'put' | 'drop' | 'claim'>,
    memory: number,
    private readonly report: ReportFault,
  ) {
    this.#memory = new LRUCache({ maxSize: Math.max(1, memory) });
  }

  /** What memory holds at a place, past its time or not. */
  recall(place: Place): Remembered | undefined {
    return this.#memory.get(place);
  }

  /** @param bytes that it takes in the store */
  remember(place: Place, item: Remembered, bytes: number): void {
    this.#changes += 1;
    this.#memory.set(place, item, { size: LEAST + place.length + DECODED * bytes });
  }

  forget(place: Place): void {
    this.#changes += 1;
    this.#memory.delete(place);
  }

  /** Whether memory holds what was seen there, and nothing where nothing was. */
  stillHolds(dependencies: Dependencies): boolean {
    if (dependencies.checkedAt === this.#changes) return true;
    if (!dependencies.isAllIn(this.#memory)) return false;
    dependencies.checkedAt = this.#changes;
    return true;
  }

  /** Reads what the store holds at a place. Undefined where there is nothing, or nothing that can be read. */
  async load<T>(
    place: Place,
    read: (entry: unknown) => T,
  ): Promise<{ value: T; bytes: Uint8Array } | undefined> {
    return this.decoded(place, await this.get(place), read);
  }

  /** Reads what lay in the store at a place. Undefined where that was nothing, or nothing that can be read. */
  decoded<T>(
    place: Place,
    bytes: Uint8Array | undefined,
    read: (entry: unknown) => T,
  ): { value: T; bytes: Uint8Array } | undefined {
    if (bytes === undefined) return undefined;
    try {
      const entry = decode(bytes);
      return entry === undefined ? undefined : { value: read(entry), bytes };
    } catch (error) {
      this.report(`an entry of the store cannot be read and counts as missing (${keyOf(place)})`, error);
      return undefined;
    }
  }

  /** Takes a lease where nothing lies at some places, as `Store.claim` does. A store that fails lets everyone have it. */
  claim(lease: Place, holder: string, span: number, places: readonly Place[]): Promise<Claimed> {
    return this.store.claim(keyOf(lease), holder, span, places.map(keyOf)).catch((error: unknown) => {
      this.report('a flight goes without its lease', error);
      return { holder };
    });
  }

  get(place: Place): Promise<Uint8Array | undefined> {
    return this.store.get(keyOf(place)).catch(this.#failed);
  }

  put(place: Place, bytes: Uint8Array, until: number): Promise<void> {
    return this.store.put(keyOf(place), bytes, until).catch(this.#failed);
  }

  /** Removes what lies in the store at a place, if it is still these bytes. */
  drop(place: Place, bytes: Uint8Array): Promise<void> {
    return this.store.drop(keyOf(place), bytes).catch(this.#failed);
  }

  readonly #failed = (error: unknown): undefined => {
    this.report('the store fails', error);
  };
}
