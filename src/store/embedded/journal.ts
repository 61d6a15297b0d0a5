import type { Database } from 'lmdb';
import type { Journal, Label, Row, StoreHealth } from '../journal.js';
import type { EmbeddedCounters } from './counters.js';
import { END, type LmdbEnvironment } from './environment.js';
import { bytesOf, encodeRecord, hasLabel, labelOf } from './journal-record.js';

/** The journal of one namespace. */
export class EmbeddedJournal implements Journal {
  readonly #records: Database<Buffer, string>;

  /**
   * @param prefix of every key
   * @param counters count the rows. Undefined in a spool: its rows keep their labels, and are counted where they are
   *   shipped to.
   */
  constructor(
    private readonly environment: LmdbEnvironment,
    private readonly prefix: string,
    private readonly counters: EmbeddedCounters | undefined,
  ) {
    this.#records = environment.database('journal');
  }

  async append(row: Row): Promise<void> {
    const key = this.prefix + row.key;
    const record = encodeRecord(row);
    const { counters } = this;
    await this.environment.transaction(() => {
      const previous = counters && this.#records.get(key);
      const label = previous && labelOf(previous);
      if (row.label?.field !== label?.field) {
        if (label) counters?.change(label, -1);
        if (row.label) counters?.change(row.label, 1);
      }
      this.#records.put(key, record);
    });
  }

  async settle(row: Row): Promise<void> {
    await this.append(row);
    await this.flushed();
  }

  /** Resolves once all rows so far are on the disk. */
  flushed(): Promise<void> {
    return this.environment.flushed();
  }

  health(): StoreHealth {
    return this.environment.isWritable ? 'ok' : 'degraded';
  }

  /** In a spool, a row without bytes stays behind, so that the removal is shipped too. */
  async remove({ key, label }: Pick<Row, 'key' | 'label'>): Promise<void> {
    const { counters } = this;
    if (counters === undefined) {
      await this.append({ key, bytes: Buffer.alloc(0), label });
      return;
    }
    await this.environment.transaction(() => {
      const record = this.#records.get(this.prefix + key);
      const counted = record && labelOf(record);
      if (counted) counters.change(counted, -1);
      this.#records.remove(this.prefix + key);
    });
  }

  async *rows(from: string, to: string): AsyncIterable<Row> {
    for await (const { key, value } of this.environment.read(this.#records, this.#range(from, to))) {
      yield this.#rowOf(key, value);
    }
  }

  /** The row under a key, as of the latest commit; undefined where there is none. */
  async row(key: string): Promise<Row | undefined> {
    this.environment.refresh();
    const record = this.#records.get(this.prefix + key);
    return record && this.#rowOf(this.prefix + key, record);
  }

  /** How many rows there are. */
  count(): number {
    this.environment.refresh();
    return this.#records.getKeysCount(this.#range('', END));
  }

  /** The key of the first row, apart from those given; undefined where there is no other. */
  firstKey(except: ReadonlySet<string>): string | undefined {
    this.environment.refresh();
    for (const full of this.#records.getKeys(this.#range('', END))) {
      const key = full.slice(this.prefix.length);
      if (!except.has(key)) return key;
    }
    return undefined;
  }

  /** Removes rows that are still as given. Call it in a transaction. */
  removeUnchanged(rows: readonly Row[]): void {
    for (const { key, bytes } of rows) {
      const record = this.#records.get(this.prefix + key);
      if (record && bytesOf(record).equals(bytes)) this.#records.remove(this.prefix + key);
    }
  }

  async label(from: string, to: string, label: (row: Row) => Label | undefined): Promise<void> {
    for await (const batch of this.environment.readBatches(this.#records, this.#range(from, to))) {
      const unlabelled = batch.filter(({ value }) => !hasLabel(value)).map(({ key }) => key);
      if (unlabelled.length > 0) await this.#label(unlabelled, label);
    }
  }

  prune(below: string): Promise<void> {
    return this.environment.remove(this.#records, this.#range('', below));
  }

  /** Removes the rows below a key in every namespace: those of an account that is no longer used expire too. */
  async sweep(below: string): Promise<void> {
    for (let from = ''; ; ) {
      this.environment.refresh();
      const [first] = this.#records.getKeys({ start: from, limit: 1 });
      if (first === undefined) return;
      // A namespace ends with a space, and no key of a row contains one.
      const namespace = first.slice(0, first.lastIndexOf(' ') + 1);
      await this.environment.remove(this.#records, { start: namespace, end: namespace + below });
      from = namespace + END;
    }
  }

  /** Labels what is still unlabelled by then: a row may be settled meanwhile. */
  async #label(keys: readonly string[], labelFor: (row: Row) => Label | undefined): Promise<void> {
    await this.environment.transaction(() => {
      for (const key of keys) {
        const record = this.#records.get(key);
        const label = record && !hasLabel(record) ? labelFor(this.#rowOf(key, record)) : undefined;
        if (record === undefined || label === undefined) continue;
        this.counters?.change(label, 1);
        this.#records.put(key, encodeRecord({ bytes: bytesOf(record), label }));
      }
    });
  }

  #rowOf(key: string, record: Buffer): Row {
    return { key: key.slice(this.prefix.length), bytes: bytesOf(record), label: labelOf(record) };
  }

  #range(from: string, to: string) {
    return { start: this.prefix + from, end: this.prefix + to };
  }
}
