import type { Database } from 'lmdb';
import type { Journal, Row } from '../journal.js';
import type { LmdbEnvironment } from './environment.js';

/** The journal of one namespace. */
export class EmbeddedJournal implements Journal {
  readonly #records: Database<Buffer, string>;

  /** @param prefix stands before every key */
  constructor(
    private readonly environment: LmdbEnvironment,
    private readonly prefix: string,
  ) {
    this.#records = environment.database('journal', 'binary');
  }

  /** Resolves once the row is on the disk. */
  async append({ key, bytes }: Row): Promise<void> {
    const value = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    await this.environment.write(() => this.#records.put(this.prefix + key, value));
    await this.environment.flushed();
  }

  async *rows(from: string, to: string): AsyncIterable<Row> {
    const range = { start: this.prefix + from, end: this.prefix + to };
    for await (const { key, value } of this.environment.read(this.#records, range)) {
      yield { key: key.slice(this.prefix.length), bytes: value };
    }
  }

  prune(below: string): Promise<void> {
    const range = { start: this.prefix, end: this.prefix + below };
    return this.environment.removeWhere(this.#records, range, () => true);
  }
}
