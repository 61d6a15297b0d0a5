import type { Database } from 'lmdb';
import type { EntryStore } from '../store.js';
import { END, type LmdbEnvironment } from './environment.js';

/** Bytes in front of an entry that hold its expiry. */
const HEADER_LENGTH = 8;

/** The entries of one namespace. Times are milliseconds since 1970. */
export class EmbeddedEntries implements EntryStore {
  readonly #records: Database<Buffer, string>;

  /** @param prefix stands before every key */
  constructor(
    private readonly environment: LmdbEnvironment,
    private readonly prefix: string,
  ) {
    this.#records = environment.database('entries', 'binary');
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    this.environment.refresh();
    return this.peek(key);
  }

  /** The bytes of an entry that has not expired, as of the last refresh. */
  peek(key: string): Uint8Array | undefined {
    const record = this.#records.get(this.prefix + key);
    return record && expiryOf(record) > Date.now() ? record.subarray(HEADER_LENGTH) : undefined;
  }

  async put(key: string, bytes: Uint8Array, until: number): Promise<void> {
    const record = Buffer.allocUnsafe(HEADER_LENGTH + bytes.length);
    record.writeDoubleBE(until);
    record.set(bytes, HEADER_LENGTH);
    this.environment.assertRoomForEntries();
    await this.environment.transaction(() => {
      this.#records.put(this.prefix + key, record);
    });
  }

  async drop(key: string, bytes: Uint8Array): Promise<void> {
    const full = this.prefix + key;
    await this.environment.transaction(() => {
      if (this.#records.get(full)?.subarray(HEADER_LENGTH).equals(bytes)) this.#records.remove(full);
    });
  }

  /** The entries that have not expired. */
  async *all(): AsyncIterable<{ key: string; bytes: Uint8Array; until: number }> {
    const range = { start: this.prefix, end: this.prefix + END };
    for await (const { key, value } of this.environment.read(this.#records, range)) {
      const until = expiryOf(value);
      if (until <= Date.now()) continue;
      yield { key: key.slice(this.prefix.length), bytes: value.subarray(HEADER_LENGTH), until };
    }
  }

  /** Removes what has expired by `now`, in every namespace. */
  sweep(now: number): Promise<void> {
    return this.environment.removeWhere(
      this.#records,
      { start: '', end: END },
      (record) => expiryOf(record) <= now,
    );
  }
}

function expiryOf(record: Buffer): number {
  return record.readDoubleBE(0);
}
