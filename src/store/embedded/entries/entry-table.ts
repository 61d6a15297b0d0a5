import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from 'lmdb';
import { END, type LmdbEnvironment } from '../environment.js';
import { ageOf, expiryOf } from './entry-record.js';

/** The database of earlier versions. A sweep empties it. */
const OUTDATED_ENTRIES = 'entries';

/** The record of the state that holds the size of all entries, in bytes. */
export const ENTRY_BYTES = 'entry bytes';

/** How many entries one transaction removes at most. */
const BATCH = 200;
/** An overflow ends at this share of the limit, so that the next one is some writes away. */
const TRIMMED = 0.98;

/**
 * Entries of one lifetime expire in the order in which they were received. An index by lifetime, then by time, therefore
 * shows both: what has expired, and what was received first. There are about ten lifetimes.
 */
type IndexKey = [lifetime: number, receivedAt: number, key: string];

/** An entry of the index, with the size of what it points to, in bytes. */
interface Indexed {
  readonly key: IndexKey;
  readonly value: number;
}

export function indexKeyOf(key: string, record: Buffer): IndexKey {
  const { lifetime, receivedAt } = ageOf(record);
  return [lifetime, receivedAt, key];
}

/** What an entry counts in the size of all, in bytes. */
export function sizeOf(key: string, record: Buffer): number {
  return key.length + record.length;
}

/** The entries of all namespaces, with an index by age and the size of all of them. A commit changes the three together. */
export class EntryTable {
  readonly #records: Database<Buffer, string>;
  readonly #index: Database<number, IndexKey>;
  readonly #state: Database<number, string>;
  /** What the transaction in progress adds to the size of all entries, in bytes. */
  #growth = 0;
  #trimming: Promise<void> | undefined;

  /**
   * @param maxBytes beyond it, entries are removed: first those that have expired, then those received first
   * @param background runs work that nothing waits for
   */
  constructor(
    private readonly environment: LmdbEnvironment,
    private readonly maxBytes: number,
    private readonly background: (work: Promise<void>) => Promise<void>,
  ) {
    this.#records = environment.database('entries 2');
    this.#index = environment.database('entry index 2');
    this.#state = environment.database('state');
    environment.beforeCommit(() => this.#writeSize());
    this.#trimBeyond(this.#size());
  }

  get(key: string): Buffer | undefined {
    return this.#records.get(key);
  }

  /** Call it in a transaction. */
  put(key: string, record: Buffer): void {
    const previous = this.#records.get(key);
    if (previous) this.#unindex(indexKeyOf(key, previous), sizeOf(key, previous));
    this.#records.put(key, record);
    this.#index.put(indexKeyOf(key, record), sizeOf(key, record));
    this.#growth += sizeOf(key, record);
  }

  /** Call it in a transaction. */
  remove(key: string, record: Buffer): void {
    this.#records.remove(key);
    this.#unindex(indexKeyOf(key, record), sizeOf(key, record));
  }

  /** The records whose keys begin with a prefix. */
  all(prefix: string) {
    return this.environment.read(this.#records, { start: prefix, end: prefix + END });
  }

  /** Removes what has expired by `now`. Reads nothing else but one key of each lifetime. */
  async sweep(now: number): Promise<void> {
    for (const lifetime of this.#lifetimes()) await this.#sweepLifetime(lifetime, now);
    const outdated = this.environment.outdated(OUTDATED_ENTRIES);
    if (outdated) await this.environment.remove(outdated, { start: '', end: END });
  }

  async #sweepLifetime(lifetime: number, now: number): Promise<void> {
    const range = { start: [lifetime], end: [lifetime, now - lifetime, END], limit: BATCH };
    for (let isMore = true; isMore; await nextTurn()) {
      this.environment.refresh();
      if ([...this.#index.getKeys({ ...range, limit: 1 })].length === 0) return;
      isMore = await this.environment.transaction(() => {
        const expired = [...this.#index.getRange(range)];
        for (const { key, value } of expired) this.#removeIndexed(key, value);
        return expired.length === BATCH;
      });
    }
  }

  /** Every lifetime in the index, ascending. */
  #lifetimes(): number[] {
    this.environment.refresh();
    return [...this.#eachLifetime()];
  }

  *#eachLifetime(): Iterable<number> {
    for (let from = 0; ; ) {
      const [first] = this.#index.getKeys({ start: [from], limit: 1 });
      if (first === undefined) return;
      yield first[0];
      // Lifetimes are whole numbers.
      from = first[0] + 1;
    }
  }

  #size(): number {
    return this.#state.get(ENTRY_BYTES) ?? 0;
  }

  #writeSize(): void {
    if (this.#growth === 0) return;
    const size = this.#size() + this.#growth;
    this.#growth = 0;
    this.#state.put(ENTRY_BYTES, size);
    this.#trimBeyond(size);
  }

  /** Removes entries in the background if there is too much of them. */
  #trimBeyond(size: number): void {
    if (size <= this.maxBytes) return;
    this.#trimming ??= this.background(this.#trim()).finally(() => {
      this.#trimming = undefined;
    });
  }

  /** Each batch reads the size again. So several processes that trim at once do not remove more than one would. */
  async #trim(): Promise<void> {
    do await nextTurn();
    while (await this.environment.transaction(() => this.#trimBatch()));
  }

  /** Resolves with whether there is still too much. */
  #trimBatch(): boolean {
    const now = Date.now();
    let excess = this.#size() + this.#growth - this.maxBytes * TRIMMED;
    // What is removed next is among the first of each lifetime.
    const candidates = [...this.#eachLifetime()].flatMap((lifetime): Indexed[] => [
      ...this.#index.getRange({ start: [lifetime], end: [lifetime + 1], limit: BATCH }),
    ]);
    candidates.sort((a, b) => rankOf(a.key, now) - rankOf(b.key, now));
    for (const { key, value } of candidates.slice(0, BATCH)) {
      if (excess <= 0) return false;
      this.#removeIndexed(key, value);
      excess -= value;
    }
    return excess > 0 && candidates.length > BATCH;
  }

  #removeIndexed(key: IndexKey, size: number): void {
    this.#records.remove(key[2]);
    this.#unindex(key, size);
  }

  #unindex(key: IndexKey, size: number): void {
    this.#index.remove(key);
    this.#growth -= size;
  }
}

/** Expired entries come first, then those that were received first. */
function rankOf([lifetime, receivedAt]: IndexKey, now: number): number {
  return expiryOf({ lifetime, receivedAt }) <= now ? 0 : receivedAt;
}
