import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { open, type RootDatabase } from 'lmdb';
import { makeFolder } from './folder.js';

/** In the order of their value: what was spent, what was bought, the answers. */
const DATABASES = ['counters', 'journal', 'entries', 'leases'];
const FILES = ['data.mdb', 'lock.mdb'];
const BATCH = 200;

/** Reads every record of a store. LMDB trusts its file, so a damaged one may crash the process: run this in the checker. */
export function readThrough(folder: string): void {
  for (const _ of everything(folder));
}

/** Copies the records of a damaged store to another folder, until the damage stops it. Run this in the checker. */
export async function salvage(from: string, to: string): Promise<void> {
  makeFolder(to);
  const target = open({ path: to, maxDbs: 8 });
  let count = 0;
  for (const { name, key, value } of everything(from)) {
    const written = target.openDB<Buffer, string>({ name, encoding: 'binary' }).put(key, value);
    count += 1;
    if (count % BATCH === 0) await written;
  }
  await target.flushed;
  await target.close();
}

function* everything(folder: string): Iterable<{ name: string; key: string; value: Buffer }> {
  const root: RootDatabase = open({ path: folder, maxDbs: 8, readOnly: true });
  const names = new Set(root.getKeys().map(String));
  for (const name of DATABASES) {
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
 * @returns where the damaged store was moved; undefined where the store is sound or does not exist
 */
export async function recover(
  folder: string,
  runChecker: RunChecker,
  now: number,
): Promise<string | undefined> {
  const file = join(folder, 'data.mdb');
  if (!existsSync(file) || statSync(file).size === 0 || (await runChecker('check', folder))) return undefined;
  const [damaged, salvaged] = [`${folder}.damaged-${now}`, `${folder}.salvaged-${now}`];
  await runChecker('salvage', folder, salvaged);
  // A crash in the middle may damage the copy too; then the store begins empty.
  const isUsable = existsSync(join(salvaged, 'data.mdb')) && (await runChecker('check', salvaged));
  makeFolder(damaged);
  for (const name of FILES) {
    if (existsSync(join(folder, name))) renameSync(join(folder, name), join(damaged, name));
    if (isUsable && existsSync(join(salvaged, name))) renameSync(join(salvaged, name), join(folder, name));
  }
  rmSync(salvaged, { recursive: true, force: true });
  return damaged;
}
