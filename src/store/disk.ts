import { statfsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { StoreUnavailable } from './store.js';

const MB = 1024 * 1024;
/** Bytes that must be free for an answer to be kept, and for anything at all: what pays for answers comes before them. */
const FOR_ENTRIES = 64 * MB;
const FOR_ANYTHING = 16 * MB;
/** Milliseconds. */
const LOOK_EVERY = 1000;
/** Milliseconds after which a write that has not come back will not: LMDB forgets some that the disk refuses. */
const MAX_WRITE = 10_000;
/** For how long nothing is written once a write has failed, in milliseconds. */
const REST = 30_000;

/** A write that has not come back. */
interface Waited {
  readonly began: number;
  late: boolean;
  readonly fail: (error: unknown) => void;
}

/**
 * Keeps a disk from running full: LMDB, writing to a full one, has been seen to damage the memory of its process. What
 * is refused here is refused before a byte is written.
 */
export class Disk {
  #free: number;
  #restsUntil = 0;
  readonly #waiting = new Set<Waited>();
  readonly #looker: NodeJS.Timeout;

  constructor(private readonly folder: string) {
    const { bavail, bsize } = statfsSync(folder);
    this.#free = bavail * bsize;
    this.#looker = setInterval(() => void this.#look(), LOOK_EVERY).unref();
  }

  get isLow(): boolean {
    return this.#free < FOR_ENTRIES || performance.now() < this.#restsUntil;
  }

  /** @throws StoreUnavailable where answers must not be kept any more */
  assertRoomForEntries(): void {
    this.#assertFree(FOR_ENTRIES);
  }

  /** @throws StoreUnavailable where nothing must be written any more */
  assertRoom(): void {
    this.#assertFree(FOR_ANYTHING);
  }

  /** Waits for a write. One that fails, or never comes back, has all others refused for a while. @throws StoreUnavailable */
  written<T>(write: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const waited: Waited = {
        began: performance.now(),
        late: false,
        fail: (error) => {
          this.#waiting.delete(waited);
          this.#restsUntil = performance.now() + REST;
          reject(error);
        },
      };
      this.#waiting.add(waited);
      write.then((value) => {
        this.#waiting.delete(waited);
        resolve(value);
      }, waited.fail);
    });
  }

  close(): void {
    clearInterval(this.#looker);
  }

  #assertFree(bytes: number): void {
    if (performance.now() < this.#restsUntil) {
      throw new StoreUnavailable('DATA_DIR did not take what was written; it is tried again soon');
    }
    if (this.#free >= bytes) return;
    throw new StoreUnavailable(
      `DATA_DIR has ${Math.floor(this.#free / MB)} MB left; ${bytes / MB} MB must be free to write there`,
    );
  }

  async #look(): Promise<void> {
    const now = performance.now();
    for (const waited of this.#waiting) {
      // A look later: where the process itself was busy for so long, what came meanwhile is heard first.
      if (waited.late) waited.fail(new StoreUnavailable('DATA_DIR does not take what is written'));
      else waited.late = now - waited.began > MAX_WRITE;
    }
    // A folder that cannot be looked at says nothing of its disk: what it can take shows when it is written to.
    const { bavail, bsize } = await statfs(this.folder).catch(() => ({ bavail: this.#free, bsize: 1 }));
    this.#free = bavail * bsize;
  }
}
