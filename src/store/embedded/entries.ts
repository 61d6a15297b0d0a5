import type { Database } from 'lmdb';
import { END, type LmdbEnvironment } from './environment.js';

/** Bytes in front of an entry that hold its expiry. */
const HEADER_LENGTH = 8;

/** Entries that expire. Times are milliseconds since 1970. */
export class Entries {
  readonly #records: Database<Buffer, string>;

  constructor(private readonly environment: LmdbEnvironment) {
    this.#records = environment.database('entries', 'binary');
  }

  /** The bytes of an entry that has not expired, as of the last refresh. */
  get(key: string): Uint8Array | undefined {
    const record = this.#records.get(key);
    return record && expiryOf(record) > Date.now() ? record.subarray(HEADER_LENGTH) : undefined;
  }

  async put(key: string, bytes: Uint8Array, until: number): Promise<void> {
    const record = Buffer.allocUnsafe(HEADER_LENGTH + bytes.length);
    record.writeDoubleBE(until);
    record.set(bytes, HEADER_LENGTH);
    await this.environment.writeAnswer(() => this.#records.put(key, record));
  }

  /** Removes an entry if it still holds these bytes. */
  async drop(key: string, bytes: Uint8Array): Promise<void> {
    await this.environment.transaction(() => {
      if (this.#records.get(key)?.subarray(HEADER_LENGTH).equals(bytes)) this.#records.remove(key);
    });
  }

  /** The entries under a prefix that have not expired. */
  async *all(prefix: string): AsyncIterable<{ key: string; bytes: Uint8Array; until: number }> {
    for await (const { key, value } of this.environment.read(this.#records, range(prefix))) {
      const until = expiryOf(value);
      if (until > Date.now())
        yield { key: key.slice(prefix.length), bytes: value.subarray(HEADER_LENGTH), until };
    }
  }

  /** Removes what has expired by `now`, in every namespace. */
  sweep(now: number): Promise<void> {
    return this.environment.removeWhere(this.#records, range(''), (record) => expiryOf(record) <= now);
  }
}

function expiryOf(record: Buffer): number {
  return record.readDoubleBE(0);
}

function range(prefix: string) {
  return { start: prefix, end: prefix + END };
}
