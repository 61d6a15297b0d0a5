import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Database, type Key, open, type RootDatabase } from 'lmdb';
import { StoreUnavailable } from '../store.js';
import { CommitQueue } from './commit-queue.js';
import { Disk } from './disk.js';
import { makeFolder } from './folder.js';
import { DATA_FILE, OpenMark } from './recovery/open-mark.js';

/** How many records are read or removed before other work gets the event loop. */
const BATCH = 500;
/** Sorts right after a key: below every character that keys contain, and not escaped by LMDB's binding. */
const AFTER = '\u0005';
/** Sorts after every key. */
export const END = '\uffff';
export const MAX_DATABASES = 12;
/**
 * The databases of a file, and how their values are encoded. The names of those of the entries carry the version of their
 * format, so that no version reads what another one wrote.
 */
export const DATABASES = {
  'entries 2': 'binary',
  'entry index 2': 'json',
  leases: 'json',
  counters: 'json',
  'counter groups': 'json',
  journal: 'binary',
  outbox: 'json',
  // Numbers that describe the whole file.
  state: 'json',
} as const;

/**
 * Whether an unhandled rejection is LMDB's own, for a commit that the disk did not take. It rejects a second promise beside
 * the one that the writer awaits.
 */
export function isFailedCommit(error: unknown): boolean {
  return error instanceof Error && /[\\/]lmdb[\\/]write\.js/.test(error.stack ?? '');
}

/** A range of keys: from `start` on, and before `end`. */
export interface KeyRange {
  readonly start: string;
  readonly end: string;
}

/** A record of a database. */
export interface LmdbRecord<V> {
  readonly key: string;
  readonly value: V;
}

/** @throws Error that names the setting where the folder cannot be made, or LMDB cannot open its file there */
function openRoot(folder: string): { mark: OpenMark; root: RootDatabase<unknown, string> } {
  try {
    makeFolder(folder);
    // The mark shows whether LMDB's file was closed cleanly, so it comes before LMDB opens the file.
    const mark = new OpenMark(folder);
    return { mark, root: open<unknown, string>({ path: folder, maxDbs: MAX_DATABASES }) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`DATA_DIR must be a writable folder: ${reason} (in ${folder})`);
  }
}

/** One LMDB file and its databases, shared by the processes of one host. Guards every write against a full disk. */
export class LmdbEnvironment {
  readonly #root: RootDatabase<unknown, string>;
  readonly #disk: Disk;
  readonly #commits: CommitQueue;
  readonly #mark: OpenMark;
  #isClosed = false;

  /** @param folder created where missing. @throws Error that names the setting where it cannot be written */
  constructor(folder: string) {
    const { mark, root } = openRoot(folder);
    this.#mark = mark;
    this.#root = root;
    this.#disk = new Disk(folder);
    this.#disk.watch(join(folder, DATA_FILE));
    this.#root.readerCheck();
    // In one commit, since those of an empty file would each wait for the disk.
    this.#root.transactionSync(() => {
      for (const [name, encoding] of Object.entries(DATABASES)) this.#root.openDB({ name, encoding });
    });
    this.#commits = new CommitQueue((work) => this.#disk.written(this.#root.transaction(work)));
  }

  database<V, K extends Key = string>(name: keyof typeof DATABASES): Database<V, K> {
    return this.#root.openDB<V, K>({ name, encoding: DATABASES[name] });
  }

  /** A database of an earlier version; undefined where there is none. */
  outdated(name: string): Database<Buffer, string> | undefined {
    this.refresh();
    return this.#root.doesExist(name) ? this.#root.openDB({ name, encoding: 'binary' }) : undefined;
  }

  /** Makes the next read see the latest commits of other processes. */
  refresh(): void {
    this.#assertOpen();
    this.#root.resetReadTxn();
  }

  /** @throws StoreUnavailable where the disk is too full for answers */
  assertRoomForEntries(): void {
    this.#disk.assertRoomForEntries();
  }

  /**
   * Runs reads and writes as one atomic step across processes. Steps are committed in groups.
   *
   * @param step must not throw once it has written
   * @throws StoreUnavailable unless the disk takes it
   */
  transaction<T>(step: () => T): Promise<T> {
    this.#assertOpen();
    this.#disk.assertRoom();
    return this.#commits.add(step);
  }

  /** Calls a function at the end of each commit, inside its transaction. */
  beforeCommit(work: () => void): void {
    this.#commits.beforeCommit(work);
  }

  /** Resolves once all writes so far are on the disk. */
  async flushed(): Promise<void> {
    await this.#disk.written(this.#root.flushed);
  }

  /** Reads a range of any size, and lets other work run between its batches. */
  async *read<V>(database: Database<V, string>, range: KeyRange): AsyncIterable<LmdbRecord<V>> {
    for await (const batch of this.readBatches(database, range)) yield* batch;
  }

  /** Reads a range of any size, and lets other work run between its batches. */
  async *readBatches<V>(
    database: Database<V, string>,
    { start, end }: KeyRange,
  ): AsyncIterable<readonly LmdbRecord<V>[]> {
    for (let from = start; ; ) {
      this.refresh();
      const batch = [...database.getRange({ start: from, end, limit: BATCH })];
      yield batch;
      const last = batch.at(-1);
      if (last === undefined || batch.length < BATCH) return;
      from = last.key + AFTER;
      await nextTurn();
    }
  }

  /**
   * Removes the records of a range, in batches, and lets other work run between them.
   *
   * @param matches which of them; all where it is undefined, which reads no value
   */
  async remove<V>(
    database: Database<V, string>,
    { start, end }: KeyRange,
    matches?: (value: V) => boolean,
  ): Promise<void> {
    for (let from = start; ; ) {
      this.refresh();
      const keys = [...database.getKeys({ start: from, end, limit: BATCH })];
      const last = keys.at(-1);
      if (last === undefined) return;
      await this.transaction(() => {
        for (const key of keys) {
          const value = matches && database.get(key);
          if (matches === undefined || (value !== undefined && matches(value))) database.remove(key);
        }
      });
      if (keys.length < BATCH) return;
      from = last + AFTER;
      await nextTurn();
    }
  }

  /** Whether the disk is nearly full, has just failed, or no longer has the file. */
  get isDegraded(): boolean {
    return this.#disk.isDegraded;
  }

  /** Whether the disk takes writes. */
  get isWritable(): boolean {
    return this.#disk.isWritable;
  }

  /** @throws StoreUnavailable once the file was removed */
  assertPresent(): void {
    this.#disk.assertPresent();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#commits.emptied();
    // A disk that takes nothing must not delay the shutdown.
    const isWorking = !this.#disk.isDegraded;
    if (isWorking) await this.flushed();
    this.#disk.close();
    await this.#root.close();
    if (isWorking) await this.#mark.close();
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new StoreUnavailable('the store is closed');
  }
}
