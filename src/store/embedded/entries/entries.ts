import type { EntryStore } from '../../store.js';
import type { LmdbEnvironment } from '../environment.js';
import { ageOf, encodeEntry, entryBytesOf, expiryOf } from './entry-record.js';
import type { EntryTable } from './entry-table.js';

/** The entries of one namespace. Times are milliseconds since 1970. */
export class EmbeddedEntries implements EntryStore {
  /** @param prefix of every key */
  constructor(
    private readonly environment: LmdbEnvironment,
    private readonly table: EntryTable,
    private readonly prefix: string,
  ) {}

  async get(key: string): Promise<Uint8Array | undefined> {
    this.environment.refresh();
    return this.peek(key);
  }

  /** The bytes of an entry that has not expired, as of the last refresh. */
  peek(key: string): Uint8Array | undefined {
    const record = this.table.get(this.prefix + key);
    return record && isCurrent(record) ? entryBytesOf(record) : undefined;
  }

  async put(key: string, bytes: Uint8Array, until: number, receivedAt = Date.now()): Promise<void> {
    const record = encodeEntry(bytes, receivedAt, until);
    this.environment.assertRoomForEntries();
    await this.environment.transaction(() => this.table.put(this.prefix + key, record));
  }

  async drop(key: string, bytes: Uint8Array): Promise<void> {
    const full = this.prefix + key;
    await this.environment.transaction(() => {
      const record = this.table.get(full);
      if (record && entryBytesOf(record).equals(bytes)) this.table.remove(full, record);
    });
  }

  /** The entries that have not expired. */
  async *all(): AsyncIterable<{ key: string; bytes: Uint8Array; until: number }> {
    for await (const { key, value } of this.table.all(this.prefix)) {
      if (!isCurrent(value)) continue;
      yield { key: key.slice(this.prefix.length), bytes: entryBytesOf(value), until: expiryOf(ageOf(value)) };
    }
  }
}

function isCurrent(record: Buffer): boolean {
  return expiryOf(ageOf(record)) > Date.now();
}
