import type { Journal, Row } from '../journal.js';
import type { Claim, Counts, Limit, Shortage, Store, StoreHealth } from '../store.js';
import { type CounterRecord, Counters } from './counters.js';
import { EmbeddedJournal } from './embedded-journal.js';
import { Entries } from './entries.js';
import { LmdbEnvironment } from './environment.js';
import { Leases } from './leases.js';

const SWEEP_INTERVAL = 3_600_000;

/**
 * The store of one host: an LMDB file on a local disk, shared by its processes, which survives their crashes. LMDB tracks
 * readers by process id, so several hosts or containers must not mount the same folder.
 */
export class EmbeddedStore implements Store, Journal {
  readonly #environment: LmdbEnvironment;
  readonly #entries: Entries;
  readonly #leases: Leases;
  readonly #counters: Counters;
  readonly #journal: EmbeddedJournal;
  readonly #sweeper: NodeJS.Timeout;
  readonly #prefix: string;

  /**
   * @param folder created where missing
   * @param namespace stands before every key
   * @throws Error where the folder cannot be written
   */
  constructor(folder: string, namespace: string) {
    this.#prefix = `${namespace} `;
    this.#environment = new LmdbEnvironment(folder);
    this.#entries = new Entries(this.#environment);
    this.#leases = new Leases(this.#environment);
    this.#counters = new Counters(this.#environment);
    this.#journal = new EmbeddedJournal(this.#environment, this.#prefix);
    this.#sweeper = setInterval(() => void this.sweep(), SWEEP_INTERVAL).unref();
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    this.#environment.refresh();
    return this.#entries.get(this.#prefix + key);
  }

  async put(key: string, bytes: Uint8Array, until: number): Promise<void> {
    await this.#entries.put(this.#prefix + key, bytes, until);
  }

  drop(key: string, bytes: Uint8Array): Promise<void> {
    return this.#entries.drop(this.#prefix + key, bytes);
  }

  lease(key: string, holder: string, duration: number): Promise<string> {
    return this.#leases.lease(this.#prefix + key, holder, duration);
  }

  claim(key: string, holder: string, duration: number, entries: readonly string[]): Promise<Claim> {
    const find = () => entries.map((entry) => this.#entries.get(this.#prefix + entry));
    return this.#leases.claim(this.#prefix + key, holder, duration, find);
  }

  release(key: string, holder: string): Promise<void> {
    return this.#leases.release(this.#prefix + key, holder);
  }

  async reserve(
    group: string,
    limits: readonly Limit[],
    wanted: number,
    until: number,
  ): Promise<Shortage | null> {
    return this.#counters.reserve(this.#prefix + group, limits, wanted, until);
  }

  async refund(group: string, fields: readonly string[]): Promise<void> {
    await this.#counters.refund(this.#prefix + group, fields);
  }

  async add(group: string, counts: Counts, until: number): Promise<Counts> {
    return this.#counters.add(this.#prefix + group, counts, until);
  }

  async counts(group: string): Promise<Counts> {
    return this.#counters.counts(this.#prefix + group);
  }

  append(row: Row): Promise<void> {
    return this.#journal.append(row);
  }

  rows(from: string, to: string): AsyncIterable<Row> {
    return this.#journal.rows(from, to);
  }

  prune(below: string): Promise<void> {
    return this.#journal.prune(below);
  }

  /** Frees the space of what has expired, in every namespace. */
  async sweep(): Promise<void> {
    const now = Date.now();
    await this.#entries.sweep(now);
    await this.#leases.sweep(now);
    await this.#counters.sweep(now);
  }

  /** The entries that have not expired. */
  entries(): AsyncIterable<{ key: string; bytes: Uint8Array; until: number }> {
    return this.#entries.all(this.#prefix);
  }

  /** Removes all counters and returns them. */
  takeCounters(): Promise<CounterRecord[]> {
    return this.#counters.takeAll(this.#prefix);
  }

  /** Degraded where the disk is nearly full. */
  health(): StoreHealth {
    return this.#environment.isLow ? 'degraded' : 'ok';
  }

  async close(): Promise<void> {
    clearInterval(this.#sweeper);
    await this.#environment.close();
  }
}
