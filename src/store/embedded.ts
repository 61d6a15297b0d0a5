import { mkdirSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Database, open, type RootDatabase } from 'lmdb';
import { Disk } from './disk.js';
import { type Lease, Leases } from './leases.js';
import {
  type Claimed,
  type Counts,
  type Limit,
  type Row,
  type Shortage,
  type Store,
  type StoreHealth,
  StoreUnavailable,
} from './store.js';

interface Counter {
  readonly count: number;
  readonly until: number;
}

/** Bytes before an entry's own, that hold when its time is over. */
const HEAD = 8;
/** How much is read or removed before other work gets its turn. */
const BATCH = 500;
const SWEEP_EVERY = 3_600_000;
/** Below every character that a key holds, and no control character that LMDB's binding would escape. */
const AFTER = '\u0005';
/** Above every character that a key may hold. */
const END = '\uffff';

/**
 * Whether a rejection that nobody waited for is one of LMDB's own, beside the one that was told: a commit that the disk
 * did not take.
 */
export function isFailedCommit(error: unknown): boolean {
  return error instanceof Error && /[\\/]lmdb[\\/]write\.js/.test(error.stack ?? '');
}

/**
 * The store of one host: an LMDB file on a local disk, shared by its processes, that outlives them and their crashes.
 * (LMDB tracks readers by process id: not for a folder that several hosts or containers mount.)
 */
export class EmbeddedStore implements Store {
  readonly #root: RootDatabase<unknown, string>;
  readonly #entries: Database<Buffer, string>;
  readonly #leaseRecords: Database<Lease, string>;
  readonly #leases: Leases;
  readonly #counters: Database<Counter, string>;
  readonly #journal: Database<Buffer, string>;
  readonly #disk: Disk;
  readonly #sweeper: NodeJS.Timeout;
  #closed = false;

  /**
   * @param folder is made where there is none
   * @param namespace stands before every key
   * @throws Error where the folder cannot be written
   */
  constructor(
    folder: string,
    private readonly namespace: string,
  ) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#disk = new Disk(folder);
    this.#root = open<unknown, string>({ path: folder, maxDbs: 8 });
    this.#entries = this.#root.openDB({ name: 'entries', encoding: 'binary' });
    this.#leaseRecords = this.#root.openDB({ name: 'leases', encoding: 'json' });
    this.#counters = this.#root.openDB({ name: 'counters', encoding: 'json' });
    this.#journal = this.#root.openDB({ name: 'journal', encoding: 'binary' });
    this.#leases = new Leases(this.#leaseRecords, {
      refresh: () => this.#refresh(),
      written: (write) => this.#written(write),
      transaction: (work) => this.#transaction(work),
    });
    this.#root.readerCheck();
    this.#sweeper = setInterval(() => void this.sweep(), SWEEP_EVERY).unref();
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    this.#refresh();
    return this.#entry(this.#key(key));
  }

  async put(key: string, bytes: Uint8Array, until: number): Promise<void> {
    const value = Buffer.allocUnsafe(HEAD + bytes.length);
    value.writeDoubleBE(until);
    value.set(bytes, HEAD);
    this.#assertOpen();
    this.#disk.assertRoomForEntries();
    await this.#disk.written(this.#entries.put(this.#key(key), value));
  }

  async drop(key: string, bytes: Uint8Array): Promise<void> {
    const full = this.#key(key);
    await this.#transaction(() => {
      if (this.#entries.get(full)?.subarray(HEAD).equals(bytes)) this.#entries.remove(full);
    });
  }

  lease(key: string, holder: string, span: number): Promise<string> {
    return this.#leases.lease(this.#key(key), holder, span);
  }

  claim(key: string, holder: string, span: number, entries: readonly string[]): Promise<Claimed> {
    const keys = entries.map((entry) => this.#key(entry));
    return this.#leases.claim(this.#key(key), holder, span, () => keys.map((entry) => this.#entry(entry)));
  }

  release(key: string, holder: string): Promise<void> {
    return this.#leases.release(this.#key(key), holder);
  }

  async reserve(
    group: string,
    limits: readonly Limit[],
    wanted: number,
    until: number,
  ): Promise<Shortage | null> {
    return this.#transaction(() => {
      const counters = limits.map(({ field, limit }) => ({ field, limit, used: this.#count(group, field) }));
      const room = Math.min(...counters.map(({ limit, used }) => limit - used));
      const granted = Math.max(0, Math.min(wanted, room));
      if (granted > 0) {
        for (const { field, used } of counters) this.#setCount(group, field, used + granted, until);
      }
      const short =
        granted < wanted ? counters.find(({ limit, used }) => limit - used <= granted) : undefined;
      return short ? { field: short.field, used: short.used + granted, granted } : null;
    });
  }

  async refund(group: string, fields: readonly string[]): Promise<void> {
    await this.#transaction(() => {
      for (const field of fields) {
        const counter = this.#counters.get(this.#fieldKey(group, field));
        if (counter && counter.count > 0) this.#setCount(group, field, counter.count - 1, counter.until);
      }
    });
  }

  async add(group: string, counts: Counts, until: number): Promise<Counts> {
    return this.#transaction(() => {
      const stand: Record<string, number> = {};
      for (const [field, more] of Object.entries(counts)) {
        stand[field] = this.#count(group, field) + more;
        this.#setCount(group, field, stand[field], until);
      }
      return stand;
    });
  }

  async counts(group: string): Promise<Counts> {
    const start = this.#fieldKey(group, '');
    const range = this.#latest(this.#counters).getRange({ start, end: start + END });
    return Object.fromEntries(
      range.map(({ key, value }): [string, number] => [key.slice(start.length), value.count]),
    );
  }

  async append({ key, bytes }: Row): Promise<void> {
    const value = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    await this.#written(() => this.#journal.put(this.#key(key), value));
    await this.#disk.written(this.#journal.flushed);
  }

  async *rows(from: string, to: string): AsyncIterable<Row> {
    const end = this.#key(to);
    for (let start = this.#key(from); ; ) {
      const batch = [...this.#latest(this.#journal).getRange({ start, end, limit: BATCH })];
      for (const { key, value } of batch) yield { key: key.slice(this.#key('').length), bytes: value };
      const last = batch.at(-1);
      if (last === undefined || batch.length < BATCH) return;
      start = last.key + AFTER;
      await nextTurn();
    }
  }

  async prune(below: string): Promise<void> {
    await this.#removeWhere(this.#journal, this.#key(''), this.#key(below), () => true);
  }

  /** Frees the room of whatever is past its time, in every namespace. */
  async sweep(): Promise<void> {
    const now = Date.now();
    await this.#removeWhere(this.#entries, '', END, (entry) => entry.readDoubleBE(0) <= now);
    await this.#removeWhere(this.#leaseRecords, '', END, ({ until }) => until <= now);
    await this.#removeWhere(this.#counters, '', END, ({ until }) => until <= now);
  }

  /** The entries that are still good, whole: what one who takes this store's place must be told. */
  async *entries(): AsyncIterable<{ key: string; bytes: Uint8Array; until: number }> {
    const prefix = this.#key('');
    for (const key of [...this.#latest(this.#entries).getKeys({ start: prefix, end: prefix + END })]) {
      const kept = this.#entries.get(key);
      const until = kept?.readDoubleBE(0) ?? 0;
      if (kept && until > Date.now()) {
        yield { key: key.slice(prefix.length), bytes: kept.subarray(HEAD), until };
      }
    }
  }

  /** Takes every counter away and tells what stood on it. */
  async takeCounts(): Promise<{ group: string; field: string; count: number; until: number }[]> {
    const prefix = this.#key('');
    return this.#transaction(() => {
      const all = [...this.#counters.getRange({ start: prefix, end: prefix + END })];
      for (const { key } of all) this.#counters.remove(key);
      return all.map(({ key, value }) => {
        const [group = '', field = ''] = key.slice(prefix.length).split('\n');
        return { group, field, ...value };
      });
    });
  }

  /** Degraded where the disk is nearly full. */
  health(): StoreHealth {
    return this.#disk.isLow ? 'degraded' : 'ok';
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#sweeper);
    // What the disk does not take must not hold up the end.
    if (!this.#disk.isLow) await this.#disk.written(this.#root.flushed);
    this.#disk.close();
    await this.#root.close();
  }

  async #removeWhere<V>(
    database: Database<V, string>,
    from: string,
    end: string,
    gone: (value: V) => boolean,
  ): Promise<void> {
    for (let start = from; ; ) {
      const batch = [...this.#latest(database).getRange({ start, end, limit: BATCH })];
      await this.#transaction(() => {
        for (const { key } of batch) {
          const value = database.get(key);
          if (value !== undefined && gone(value)) database.remove(key);
        }
      });
      const last = batch.at(-1);
      if (last === undefined || batch.length < BATCH) return;
      start = last.key + AFTER;
      await nextTurn();
    }
  }

  #latest<V>(database: Database<V, string>): Database<V, string> {
    this.#refresh();
    return database;
  }

  /** A snapshot may be older than what another process has written since: what is read must be the newest. */
  #refresh(): void {
    this.#assertOpen();
    this.#root.resetReadTxn();
  }

  /** An entry whose time is not over. */
  #entry(full: string): Uint8Array | undefined {
    const kept = this.#entries.get(full);
    return kept && kept.readDoubleBE(0) > Date.now() ? kept.subarray(HEAD) : undefined;
  }

  /** Writes, unless the disk must not be written to any more. */
  #written<T>(write: () => Promise<T>): Promise<T> {
    this.#assertOpen();
    this.#disk.assertRoom();
    return this.#disk.written(write());
  }

  #transaction<T>(work: () => T): Promise<T> {
    return this.#written(() => this.#root.transaction(work));
  }

  #assertOpen(): void {
    if (this.#closed) throw new StoreUnavailable('the store is closed');
  }

  #count(group: string, field: string): number {
    return this.#counters.get(this.#fieldKey(group, field))?.count ?? 0;
  }

  #setCount(group: string, field: string, count: number, until: number): void {
    this.#counters.put(this.#fieldKey(group, field), { count, until });
  }

  #fieldKey(group: string, field: string): string {
    return this.#key(`${group}\n${field}`);
  }

  #key(key: string): string {
    return `${this.namespace} ${key}`;
  }
}
