import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { open, type RootDatabase } from 'lmdb';
import { ENTRY_BYTES, indexKeyOf, sizeOf } from '../entries/entry-table.js';
import { DATABASES, MAX_DATABASES } from '../environment.js';
import { makeFolder } from '../folder.js';
import { DATA_FILE, markSound } from './open-mark.js';

/** In the order of their value: what was spent, what was bought, the answers. */
const SALVAGED = ['counters', 'journal', 'outbox', 'entries 2', 'leases'];
const FILES = [DATA_FILE, 'lock.mdb'];
const BATCH = 200;

/** Reads every record of a store. LMDB trusts its file, so a damaged one may crash the process: run this in the checker. */
export function readThrough(folder: string): void {
  for (const _ of records(folder, Object.keys(DATABASES)));
}

/** Copies the records of a damaged store to another folder, until the damage stops it. Run this in the checker. */
export async function salvage(from: string, to: string): Promise<void> {
  makeFolder(to);
  const target = open({ path: to, maxDbs: MAX_DATABASES });
  const index = target.openDB<number>({ name: 'entry index 2', encoding: 'json' });
  const state = target.openDB<number>({ name: 'state', encoding: 'json' });
  let count = 0;
  let size = 0;
  for (const { name, key, value } of records(from, SALVAGED)) {
    const written = target.openDB<Buffer, string>({ name, encoding: 'binary' }).put(key, value);
    if (name === 'entries 2') {
      size += sizeOf(key, value);
      index.put(indexKeyOf(key, value), sizeOf(key, value));
      state.put(ENTRY_BYTES, size);
    }
    count += 1;
    if (count % BATCH === 0) await written;
  }
  await target.flushed;
  await target.close();
}

function* records(
  folder: string,
  databases: readonly string[],
): Iterable<{ name: string; key: string; value: Buffer }> {
  const root: RootDatabase = open({ path: folder, maxDbs: MAX_DATABASES, readOnly: true });
  const names = new Set(root.getKeys().map(String));
  for (const name of databases) {
    if (!names.has(name)) continue;
    const database = root.openDB<Buffer, string>({ name, encoding: 'binary' });
    for (const { key, value } of database.getRange()) yield { name, key, value };
  }
}

/** Runs `check FOLDER` or `salvage FOLDER TARGET` in a checker process. Resolves with whether it completed. */
export type RunChecker = (task: 'check' | 'salvage', ...folders: string[]) => Promise<boolean>;

/**
 * Checks whether a store can be read. A damaged one is moved aside and replaced by what can be salvaged.
 *
 * @returns where the damaged store was moved; undefined where the store is sound
 */
export async function recover(
  folder: string,
  runChecker: RunChecker,
  now: number,
): Promise<string | undefined> {
  const damaged = (await runChecker('check', folder)) ? undefined : `${folder}.damaged-${now}`;
  if (damaged !== undefined) await replace(folder, damaged, `${folder}.salvaged-${now}`, runChecker);
  markSound(folder);
  return damaged;
}

async function replace(
  folder: string,
  damaged: string,
  salvaged: string,
  runChecker: RunChecker,
): Promise<void> {
  await runChecker('salvage', folder, salvaged);
  // A crash in the middle may damage the copy too; then the store begins empty.
  const isUsable = existsSync(join(salvaged, DATA_FILE)) && (await runChecker('check', salvaged));
  makeFolder(damaged);
  for (const name of FILES) {
    if (existsSync(join(folder, name))) renameSync(join(folder, name), join(damaged, name));
    if (isUsable && existsSync(join(salvaged, name))) renameSync(join(salvaged, name), join(folder, name));
  }
  rmSync(salvaged, { recursive: true, force: true });
}
