import { type BigIntStats, statfsSync, statSync } from 'node:fs';
import { stat, statfs } from 'node:fs/promises';
import { StoreUnavailable } from '../store.js';

const MB = 1024 * 1024;
/** Bytes that must be free to store answers, and to write anything: accounting has priority over the cache. */
export const MIN_FREE_FOR_ENTRIES = 64 * MB;
const MIN_FREE = 16 * MB;
const CHECK_INTERVAL = 1000;
/** Milliseconds after which a write counts as lost: LMDB forgets some that the disk refuses. */
const WRITE_TIMEOUT = 10_000;
/** How long nothing is written after a write has failed, in milliseconds. */
const PAUSE_AFTER_FAILURE = 30_000;
const REMOVED =
  'DATA_DIR was removed or replaced while the gateway was running; nothing is bought until the gateway is restarted';

interface PendingWrite {
  readonly began: number;
  isLate: boolean;
  readonly fail: (error: unknown) => void;
}

/** What tells two files apart. */
type FileIdentity = Pick<BigIntStats, 'dev' | 'ino'>;

/**
 * Keeps LMDB from filling the disk: on a full disk it was seen to corrupt the memory of its process. A write is refused
 * before any byte of it is written.
 *
 * Also refuses writes once another file, or none, is at the path of LMDB's file. What is written to a removed file is lost,
 * and processes that start later do not see it.
 */
export class Disk {
  #free: number;
  #pausedUntil = 0;
  #file: { readonly path: string; readonly identity: FileIdentity } | undefined;
  #isRemoved = false;
  readonly #pending = new Set<PendingWrite>();
  readonly #timer: NodeJS.Timeout;

  constructor(private readonly folder: string) {
    const { bavail, bsize } = statfsSync(folder);
    this.#free = bavail * bsize;
    this.#timer = setInterval(() => void this.#check(), CHECK_INTERVAL).unref();
  }

  /** Whether the disk is nearly full, has just failed, or no longer has LMDB's file. */
  get isDegraded(): boolean {
    return this.#refusal(MIN_FREE_FOR_ENTRIES) !== undefined;
  }

  /** Whether anything may be written. */
  get isWritable(): boolean {
    return this.#refusal(MIN_FREE) === undefined;
  }

  /** @throws StoreUnavailable once LMDB's file was removed: what it still shows is not what other processes write */
  assertPresent(): void {
    if (this.#isRemoved) throw new StoreUnavailable(REMOVED);
  }

  /** Watches LMDB's file. Call it once LMDB has opened the file. */
  watch(path: string): void {
    this.#file = { path, identity: statSync(path, { bigint: true }) };
  }

  /** @throws StoreUnavailable where no more answers may be stored */
  assertRoomForEntries(): void {
    this.#assertFree(MIN_FREE_FOR_ENTRIES);
  }

  /** @throws StoreUnavailable where nothing may be written */
  assertRoom(): void {
    this.#assertFree(MIN_FREE);
  }

  /** Waits for a write. If it fails, or never completes, all writes are refused for a while. @throws StoreUnavailable */
  written<T>(write: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const pending: PendingWrite = {
        began: performance.now(),
        isLate: false,
        fail: (error) => {
          this.#pending.delete(pending);
          this.#pausedUntil = performance.now() + PAUSE_AFTER_FAILURE;
          reject(error);
        },
      };
      this.#pending.add(pending);
      write.then((value) => {
        this.#pending.delete(pending);
        resolve(value);
      }, pending.fail);
    });
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #assertFree(bytes: number): void {
    const refusal = this.#refusal(bytes);
    if (refusal !== undefined) throw new StoreUnavailable(refusal);
  }

  /** Why nothing may be written that needs so many bytes free; undefined where it may. */
  #refusal(bytes: number): string | undefined {
    if (this.#isRemoved) return REMOVED;
    if (performance.now() < this.#pausedUntil) {
      return 'a write to DATA_DIR failed; writing resumes within 30 s';
    }
    if (this.#free >= bytes) return undefined;
    return `DATA_DIR has ${Math.floor(this.#free / MB)} MB free; writing needs ${bytes / MB} MB`;
  }

  async #check(): Promise<void> {
    const now = performance.now();
    for (const pending of this.#pending) {
      // One check later: if this process was blocked, the event loop first handles what arrived meanwhile.
      if (pending.isLate) pending.fail(new StoreUnavailable('DATA_DIR did not complete a write'));
      else pending.isLate = now - pending.began > WRITE_TIMEOUT;
    }
    // If the folder cannot be read, the last value stays: the next write shows whether it still works.
    const { bavail, bsize } = await statfs(this.folder).catch(() => ({ bavail: this.#free, bsize: 1 }));
    this.#free = bavail * bsize;
    this.#isRemoved ||= this.#file !== undefined && !(await isAt(this.#file.path, this.#file.identity));
  }
}

/** Whether a file is still at its path. Errors other than a missing file say nothing about that. */
async function isAt(path: string, { dev, ino }: FileIdentity): Promise<boolean> {
  try {
    const found = await stat(path, { bigint: true });
    return found.dev === dev && found.ino === ino;
  } catch (error) {
    return !(
      error instanceof Error &&
      'code' in error &&
      (error.code === 'ENOENT' || error.code === 'ENOTDIR')
    );
  }
}
