import type { CacheKey } from './cache-key.js';
import type { CachedItem, ListSummary } from './cached-item.js';

/** What memory may hold under a key. */
export type Remembered = CachedItem<unknown> | ListSummary;

/**
 * What a response was made of: the entries that were read from memory, and whether anything came from elsewhere. If all of
 * it came from memory, the same operation gives the same response for as long as memory holds the same entries.
 */
export class Dependencies {
  /** Weak references, so that a response does not keep alive what memory has evicted. */
  readonly #entries = new Map<CacheKey, WeakRef<Remembered> | undefined>();
  #hits = 0;
  #validUntil = Number.POSITIVE_INFINITY;
  #usedOtherSources = false;
  #isMomentary = false;
  /** The version of memory against which these were last found unchanged. */
  checkedVersion: number | undefined;

  /** Records what memory held under a key. @param validUntil when it stops serving, in milliseconds since 1970 */
  record(key: CacheKey, entry: Remembered | undefined, validUntil = Number.POSITIVE_INFINITY): void {
    const before = this.#entries.get(key);
    if (this.#entries.has(key) && !isSame(before, entry)) this.#usedOtherSources = true;
    else if (before === undefined) this.#entries.set(key, entry && new WeakRef(entry));
    this.#validUntil = Math.min(this.#validUntil, validUntil);
  }

  /** Records that memory served an answer. */
  recordHit(): void {
    this.#hits += 1;
  }

  /** Records that something was read that memory does not hold. */
  recordOtherSource(): void {
    this.#usedOtherSources = true;
  }

  /** Records that something was read that changes from moment to moment. */
  recordMomentary(): void {
    this.#isMomentary = true;
    this.#usedOtherSources = true;
  }

  /** Whether memory still holds exactly what was recorded. */
  matches(memory: { get(key: CacheKey): Remembered | undefined }): boolean {
    for (const [key, recorded] of this.#entries) if (!isSame(recorded, memory.get(key))) return false;
    return true;
  }

  /** Answers that memory served. */
  get hits(): number {
    return this.#hits;
  }

  /** When the first of the entries stops serving, in milliseconds since 1970. */
  get validUntil(): number {
    return this.#validUntil;
  }

  /** Whether another request at the same time might have got something else. */
  get isMomentary(): boolean {
    return this.#isMomentary;
  }

  /** Whether everything was read from memory, and something was. */
  get isMemoryOnly(): boolean {
    return !this.#usedOtherSources && this.#entries.size > 0;
  }
}

function isSame(recorded: WeakRef<Remembered> | undefined, found: Remembered | undefined): boolean {
  return recorded === undefined ? found === undefined : found !== undefined && recorded.deref() === found;
}
