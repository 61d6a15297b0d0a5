import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { open, type RootDatabase } from 'lmdb';

/** In the order of what is missed most: what was spent, what was bought, what came of it. */
const DATABASES = ['counters', 'journal', 'entries', 'leases'];
const FILES = ['data.mdb', 'lock.mdb'];
const BATCH = 200;

/**
 * Reads all that a store's folder holds. LMDB trusts its file: reading a damaged one may end the process, so that this is
 * to be run in one that may end.
 */
export function readThrough(folder: string): void {
  for (const _ of everything(folder));
}

/** Copies what can be read of a damaged store into another folder, as far as it comes. Run it where the process may end. */
export async function salvage(from: string, to: string): Promise<void> {
  mkdirSync(to, { recursive: true, mode: 0o700 });
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
  const there = new Set(root.getKeys().map(String));
  for (const name of DATABASES) {
    if (!there.has(name)) continue;
    const database = root.openDB<Buffer, string>({ name, encoding: 'binary' });
    for (const { key, value } of database.getRange()) yield { name, key, value };
  }
}

/** Runs one of the above in a process of its own. Resolves with whether it came to its end. */
export type RunChecker = (work: 'check' | 'salvage', ...folders: string[]) => Promise<boolean>;

/**
 * Sees whether a store can be read. One that cannot is put aside, and what can be salvaged of it takes its place.
 *
 * @returns where the damaged one lies now; undefined where the store is sound, or there is none
 */
export async function recover(
  folder: string,
  runChecker: RunChecker,
  now: number,
): Promise<string | undefined> {
  const file = join(folder, 'data.mdb');
  if (!existsSync(file) || statSync(file).size === 0 || (await runChecker('check', folder))) return undefined;
  const [aside, salvaged] = [`${folder}.damaged-${now}`, `${folder}.salvaged-${now}`];
  await runChecker('salvage', folder, salvaged);
  // What was cut off in the middle may be damaged too: then only an empty store is sound.
  const usable = existsSync(join(salvaged, 'data.mdb')) && (await runChecker('check', salvaged));
  mkdirSync(aside, { recursive: true, mode: 0o700 });
  for (const file of FILES) {
    if (existsSync(join(folder, file))) renameSync(join(folder, file), join(aside, file));
    if (usable && existsSync(join(salvaged, file))) renameSync(join(salvaged, file), join(folder, file));
  }
  rmSync(salvaged, { recursive: true, force: true });
  return aside;
}
