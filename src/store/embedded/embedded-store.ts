import type { Database } from 'lmdb';
import { type ReportFault, type Store, type StoreHealth, StoreUnavailable } from '../store.js';
import { EmbeddedCounters } from './counters.js';
import { EmbeddedEntries } from './entries/entries.js';
import { EntryTable } from './entries/entry-table.js';
import { LmdbEnvironment } from './environment.js';
import { EmbeddedJournal } from './journal.js';
import { EmbeddedLeases } from './leases.js';
import { Outbox } from './outbox.js';

const SWEEP_INTERVAL = 3_600_000;
/** How often each process checks whether a sweep is due, in milliseconds. */
const SWEEP_CHECK_INTERVAL = 300_000;
/** The record of the state that holds when the last sweep began, in milliseconds since 1970. */
const SWEPT_AT = 'swept at';

export interface EmbeddedStoreSettings {
  /** Bytes of entries that are kept, of all namespaces together. Default: no limit. */
  readonly maxEntryBytes?: number;
  /** The key of the first row that a sweep of a `store` keeps. Default: it keeps all. */
  readonly firstKeptRow?: () => string;
  /** Milliseconds between two checks whether a sweep is due. Default: 5 minutes. */
  readonly sweepCheckInterval?: number;
  /** Receives faults of the work in the background. */
  readonly report?: ReportFault;
}

/**
 * The store of one host: an LMDB file on a local disk, shared by its processes, which survives their crashes. LMDB tracks
 * readers by process id, so several hosts or containers must not mount the same folder.
 */
export class EmbeddedStore implements Store {
  readonly entries: EmbeddedEntries;
  readonly leases: EmbeddedLeases;
  readonly counters: EmbeddedCounters;
  readonly journal: EmbeddedJournal;
  /** Of a spool: what this host last saw of the counters in Redis. */
  readonly remembered: EmbeddedCounters;
  /** The ledger, as what waits to be shipped elsewhere. Used in an `outbox` alone. */
  readonly outbox: Outbox;
  readonly #environment: LmdbEnvironment;
  readonly #table: EntryTable;
  readonly #state: Database<number, string>;
  readonly #sweeper: NodeJS.Timeout;
  #closed: Promise<void> | undefined;

  /**
   * @param folder created where missing
   * @param namespace prefix of every key
   * @param role the ledger of an `outbox` is shipped elsewhere, and all of a `spool` is. They do not count the rows of their
   *   journal: rows are counted where they are shipped to
   * @throws Error where the folder cannot be written
   */
  constructor(
    folder: string,
    namespace: string,
    private readonly role: 'store' | 'outbox' | 'spool' = 'store',
    private readonly settings: EmbeddedStoreSettings = {},
  ) {
    const { maxEntryBytes = Number.POSITIVE_INFINITY, sweepCheckInterval = SWEEP_CHECK_INTERVAL } = settings;
    const prefix = `${namespace} `;
    const environment = new LmdbEnvironment(folder);
    this.#environment = environment;
    this.#state = environment.database('state');
    this.#table = new EntryTable(environment, maxEntryBytes, (work) => this.#background(work));
    this.entries = new EmbeddedEntries(environment, this.#table, prefix);
    this.leases = new EmbeddedLeases(environment, prefix, this.entries);
    this.counters = new EmbeddedCounters(environment, prefix);
    this.remembered = new EmbeddedCounters(environment, `remembered ${prefix}`);
    this.journal = new EmbeddedJournal(environment, prefix, role === 'store' ? this.counters : undefined);
    this.outbox = new Outbox(environment, prefix, this.journal, this.counters);
    this.#sweeper = setInterval(() => void this.#background(this.#sweepIfDue()), sweepCheckInterval).unref();
  }

  /** Frees the space of what has expired, in every namespace. Never rejects: the next sweep frees what this one cannot. */
  sweep(): Promise<void> {
    return this.#background(this.#sweep());
  }

  async #sweep(): Promise<void> {
    const now = Date.now();
    for (const part of [this.#table, this.leases, this.counters]) await part.sweep(now);
    const { firstKeptRow } = this.settings;
    if (firstKeptRow && this.role === 'store') await this.journal.sweep(firstKeptRow());
  }

  /** Of the processes that share the store, the first one that finds a sweep due does it. */
  async #sweepIfDue(): Promise<void> {
    this.#environment.refresh();
    if (!this.#isSweepDue()) return;
    const isMine = await this.#environment.transaction(() => {
      const isDue = this.#isSweepDue();
      if (isDue) this.#state.put(SWEPT_AT, Date.now());
      return isDue;
    });
    if (isMine) await this.#sweep();
  }

  #isSweepDue(): boolean {
    const sinceLast = Date.now() - (this.#state.get(SWEPT_AT) ?? 0);
    // The clock may have been set back.
    return sinceLast < 0 || sinceLast >= SWEEP_INTERVAL;
  }

  /** Waits for work that nothing else waits for. A full or closed store is not reported here: see `health`. */
  async #background(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) {
        this.settings.report?.('old data could not be removed from the store; retrying later', error);
      }
    }
  }

  /** Resolves once all writes so far are committed. */
  committed(): Promise<void> {
    return this.#environment.transaction(() => undefined);
  }

  /** Degraded where the disk is nearly full, or the folder was removed. */
  health(): StoreHealth {
    return this.#environment.isDegraded ? 'degraded' : 'ok';
  }

  close(): Promise<void> {
    clearInterval(this.#sweeper);
    this.#closed ??= this.#environment.close();
    return this.#closed;
  }
}
