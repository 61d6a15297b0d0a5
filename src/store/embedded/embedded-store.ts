import { type Store, type StoreHealth, StoreUnavailable } from '../store.js';
import { EmbeddedCounters } from './counters.js';
import { EmbeddedEntries } from './entries.js';
import { LmdbEnvironment } from './environment.js';
import { EmbeddedJournal } from './journal.js';
import { EmbeddedLeases } from './leases.js';

const SWEEP_INTERVAL = 3_600_000;

/**
 * The store of one host: an LMDB file on a local disk, shared by its processes, which survives their crashes. LMDB tracks
 * readers by process id, so several hosts or containers must not mount the same folder.
 */
export class EmbeddedStore implements Store {
  readonly entries: EmbeddedEntries;
  readonly leases: EmbeddedLeases;
  readonly counters: EmbeddedCounters;
  readonly journal: EmbeddedJournal;
  readonly #environment: LmdbEnvironment;
  readonly #sweeper: NodeJS.Timeout;

  /**
   * @param folder created where missing
   * @param namespace stands before every key
   * @param role a `spool` does not count the rows of its journal: they are counted where they are shipped to
   * @throws Error where the folder cannot be written
   */
  constructor(folder: string, namespace: string, role: 'store' | 'spool' = 'store') {
    const prefix = `${namespace} `;
    const environment = new LmdbEnvironment(folder);
    this.#environment = environment;
    this.entries = new EmbeddedEntries(environment, prefix);
    this.leases = new EmbeddedLeases(environment, prefix, this.entries);
    this.counters = new EmbeddedCounters(environment, prefix);
    this.journal = new EmbeddedJournal(environment, prefix, role === 'store' ? this.counters : undefined);
    this.#sweeper = setInterval(() => void this.sweep(), SWEEP_INTERVAL).unref();
  }

  /** Frees the space of what has expired, in every namespace. What the disk does not let it free, the next sweep does. */
  async sweep(): Promise<void> {
    const now = Date.now();
    try {
      for (const part of [this.entries, this.leases, this.counters]) await part.sweep(now);
    } catch (error) {
      // `health` shows it, and nobody waits for a sweep.
      if (!(error instanceof StoreUnavailable)) throw error;
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

  async close(): Promise<void> {
    clearInterval(this.#sweeper);
    await this.#environment.close();
  }
}
