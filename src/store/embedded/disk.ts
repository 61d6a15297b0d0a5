import { statfsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { StoreUnavailable } from '../store.js';

const MB = 1024 * 1024;
/** Bytes that must be free to store answers, and to write anything: accounting has priority over the cache. */
const MIN_FREE_FOR_ENTRIES = 64 * MB;
const MIN_FREE = 16 * MB;
const CHECK_INTERVAL = 1000;
/** Milliseconds after which a write counts as lost: LMDB forgets some that the disk refuses. */
const WRITE_TIMEOUT = 10_000;
/** How long nothing is written after a write has failed, in milliseconds. */
const PAUSE_AFTER_FAILURE = 30_000;

interface PendingWrite {
  readonly began: number;
  isLate: boolean;
  readonly fail: (error: unknown) => void;
}

/**
 * Keeps LMDB from filling the disk: on a full disk it was seen to corrupt the memory of its process. A write is refused
 * before any byte of it is written.
 */
export class Disk {
  #free: number;
  #pausedUntil = 0;
  readonly #pending = new Set<PendingWrite>();
  readonly #timer: NodeJS.Timeout;

  constructor(private readonly folder: string) {
    const { bavail, bsize } = statfsSync(folder);
    this.#free = bavail * bsize;
    this.#timer = setInterval(() => void this.#check(), CHECK_INTERVAL).unref();
  }

  get isLow(): boolean {
    return this.#free < MIN_FREE_FOR_ENTRIES || performance.now() < this.#pausedUntil;
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
    if (performance.now() < this.#pausedUntil) {
      throw new StoreUnavailable('DATA_DIR could not be written; writing resumes within 30 s');
    }
    if (this.#free >= bytes) return;
    throw new StoreUnavailable(
      `DATA_DIR has ${Math.floor(this.#free / MB)} MB left; writing needs ${bytes / MB} MB free`,
    );
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
  }
}
