import { randomUUID } from 'node:crypto';
import type { Database } from 'lmdb';
import type { Row } from '../journal.js';
import type { CounterRecord, EmbeddedCounters } from './counters.js';
import type { LmdbEnvironment } from './environment.js';
import type { EmbeddedJournal } from './journal.js';

/** How many counters one batch has at most. */
const MAX_COUNTERS = 500;
/** The name of every group of counters that belongs to the ledger begins with this. */
const GROUPS = 'usage ';

/** Counters that are shipped together, once. */
export interface Batch {
  /** Names this outbox among all that ship to one ledger. */
  readonly outbox: string;
  /** Higher than those of the batches before it. */
  readonly sequence: number;
  /** Tells it from a batch of the same number that a copy of this folder has made. */
  readonly id: string;
  readonly counters: readonly CounterRecord[];
}

/**
 * What waits on the local disk to be shipped to a ledger elsewhere: rows of the journal, and counters. A row that was
 * shipped is removed, so the journal is shipped from its beginning. The processes of one host share an outbox.
 *
 * A row may be shipped again, since it replaces itself. Counters are added up, so they are taken into a numbered batch
 * that stays on the disk until the ledger has it.
 */
export class Outbox {
  readonly #batches: Database<Batch, string>;

  /** @param prefix names the namespace */
  constructor(
    private readonly environment: LmdbEnvironment,
    private readonly prefix: string,
    readonly journal: EmbeddedJournal,
    readonly counters: EmbeddedCounters,
  ) {
    this.#batches = environment.database('outbox');
  }

  /** Whether counters wait. */
  hasCounters(): boolean {
    return this.counters.has(GROUPS) || (this.#batches.get(this.prefix)?.counters.length ?? 0) > 0;
  }

  /** Names this outbox. */
  async name(): Promise<string> {
    return (await this.environment.transaction(() => this.#latest())).outbox;
  }

  /** The batch that is to be shipped next: the one that may have been shipped already, else a new one. */
  seal(): Promise<Batch> {
    return this.environment.transaction(() => {
      const latest = this.#latest();
      if (latest.counters.length > 0) return latest;
      const counters = this.counters.take(GROUPS, MAX_COUNTERS);
      return this.#put({ ...latest, sequence: latest.sequence + 1, id: randomUUID(), counters });
    });
  }

  /** Removes what the ledger has: a batch, and rows that have not changed since. */
  async shipped({ id }: Batch, rows: readonly Row[]): Promise<void> {
    await this.environment.transaction(() => {
      const latest = this.#latest();
      if (latest.id === id) this.#put({ ...latest, counters: [] });
      this.journal.removeUnchanged(rows);
    });
  }

  /** Takes another name, because a copy of this folder ships under this one. A batch that waits is the first under it. */
  async rename(): Promise<void> {
    await this.environment.transaction(() => {
      this.#put({ ...this.#latest(), outbox: randomUUID(), sequence: 1 });
    });
  }

  /** Call it in a transaction. */
  #latest(): Batch {
    return (
      this.#batches.get(this.prefix) ?? this.#put({ outbox: randomUUID(), sequence: 0, id: '', counters: [] })
    );
  }

  #put(batch: Batch): Batch {
    this.#batches.put(this.prefix, batch);
    return batch;
  }
}
