import {
  closeSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { isAlive, PROCESS_IDENTITY } from '../../process-identity.js';
import { uniqueId } from '../../unique-id.js';

/** The name that LMDB gives its file. */
export const DATA_FILE = 'data.mdb';
/** The file that the last process leaves at a clean close. */
const CLOSED = 'closed';
/** Begins the name of the file that each process leaves while it has the store open. */
const OPEN = 'open-';
/** Milliseconds after which the next write has another time: file systems count time in ticks of up to 10 ms. */
const TICK = 20;

const mark = z.object({
  /** `PROCESS_IDENTITY` of the process. */
  process: z.string(),
  /** Whether the store needed no check when the process opened it. */
  isSound: z.boolean(),
});

/**
 * Whether a store must be checked before it is used. It need not be if the last process has closed it and nothing has
 * changed the file since, or if another process is using it. Otherwise a process or the host ended without closing the
 * store, or something other than the gateway wrote the file.
 */
export function needsCheck(folder: string): boolean {
  const state = stateOf(folder);
  if (state === undefined) return false;
  // A mark that is gone by now was of a process that has closed the store.
  const marks = openMarks(folder).flatMap((name) => contentOf(join(folder, name)) ?? []);
  if (marks.some(isOfUser)) return false;
  return marks.length > 0 || contentOf(join(folder, CLOSED)) !== state;
}

/** Records that a store may be used as it is. Call it after a check, before the store is opened. */
export function markSound(folder: string): void {
  for (const name of openMarks(folder)) rmSync(join(folder, name), { force: true });
  writeClosed(folder);
}

/** Shows other processes that this one has a store open, and the next one whether all of them have closed it. */
export class OpenMark {
  readonly #name = `${OPEN}${uniqueId()}`;
  readonly #isSound: boolean;

  /** Call it before LMDB opens the file. */
  constructor(private readonly folder: string) {
    this.#isSound = !needsCheck(folder);
    const content: z.infer<typeof mark> = { process: PROCESS_IDENTITY, isSound: this.#isSound };
    try {
      // In this order: a process that starts meanwhile finds one of the two.
      write(join(folder, this.#name), JSON.stringify(content));
      rmSync(join(folder, CLOSED), { force: true });
      flush(folder);
    } catch {
      // On a full disk the store still serves what it has. What is then left makes the next start check it.
      rmSync(join(folder, CLOSED), { force: true });
    }
  }

  /** Removes the mark; the last process records the state of the file. Call it after LMDB has closed the file. */
  async close(): Promise<void> {
    try {
      // In this order: a process that starts meanwhile finds one of the two.
      const isRecorded = await this.#recordIfLast();
      rmSync(join(this.folder, this.#name), { force: true });
      // Of processes that close in the same moment, each has seen the mark of another.
      if (!isRecorded) await this.#recordIfLast();
    } catch {
      // The folder was removed, or takes no writes. The mark that stays makes the next start check the store.
    }
  }

  /** Resolves with whether this process was the last one. */
  async #recordIfLast(): Promise<boolean> {
    if (!this.#isSound || !this.#isLast()) return false;
    const path = join(this.folder, DATA_FILE);
    flush(path);
    await sleep(Math.max(0, TICK - (Date.now() - statSync(path).mtimeMs)));
    if (!this.#isLast()) return false;
    writeClosed(this.folder);
    return true;
  }

  /** Whether no other process has a mark. */
  #isLast(): boolean {
    return openMarks(this.folder).every((name) => name === this.#name);
  }
}

function openMarks(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.startsWith(OPEN));
}

/** Whether a mark is of a process that is alive and uses a sound store. */
function isOfUser(content: string): boolean {
  try {
    const { process, isSound } = mark.parse(JSON.parse(content));
    return isSound && isAlive(process) === true;
  } catch {
    // The process ended, or is, in the middle of writing its mark.
    return false;
  }
}

function writeClosed(folder: string): void {
  const state = stateOf(folder);
  if (state !== undefined) write(join(folder, CLOSED), state);
}

/** Identifies the state of LMDB's file: whether it was written, replaced or moved. Undefined if it is missing or empty. */
function stateOf(folder: string): string | undefined {
  const stats = statSync(join(folder, DATA_FILE), { bigint: true, throwIfNoEntry: false });
  return stats && stats.size > 0n ? `${stats.ino} ${stats.size} ${stats.mtimeNs}` : undefined;
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function write(path: string, text: string): void {
  const file = openSync(path, 'w', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Waits until a file, or the list of files of a folder, is on the disk. */
function flush(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
