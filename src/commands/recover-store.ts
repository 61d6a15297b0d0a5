import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config/config.js';
import { storeSettings } from '../config/store-settings.js';
import { PACKAGE_ROOT } from '../package-root.js';
import { DATA_FILE, needsCheck } from '../store/embedded/recovery/open-mark.js';
import { type RunChecker, recover } from '../store/embedded/recovery/recover.js';
import { lmdbFolderOf, outboxFolderOf } from '../store/open-store.js';

const CHECKER = join(PACKAGE_ROOT, 'dist', 'store', 'embedded', 'recovery', 'checker-process.js');

/** Whether a part of the configured store was not closed cleanly. */
export function needsRecovery(config: Config): boolean {
  return foldersOf(config).some(needsCheck);
}

/**
 * Checks the configured store where it was not closed cleanly, and replaces a damaged one with what can be read of it. Call
 * it before the store is opened.
 *
 * @param print prints a line if the store was replaced
 */
export async function recoverStore(config: Config, print: (message: string) => void): Promise<void> {
  for (const folder of foldersOf(config)) await recoverFolder(folder, print);
}

async function recoverFolder(folder: string, print: (message: string) => void): Promise<void> {
  if (!needsCheck(folder)) return;
  const damaged = await recover(folder, runChecker, Date.now());
  if (damaged === undefined) return;
  print(
    `The store in ${folder} was damaged. It was moved to ${damaged}, and all that could be read was copied to a new store. Answers, budgets and ledger rows may be missing: compare the ledger with QCC's invoice.`,
  );
}

/** The folders of the LMDB files that the configuration uses. */
function foldersOf(config: Config): readonly string[] {
  const settings = storeSettings(config, Date.now, () => undefined);
  const outbox = settings.hasLedger ? [] : [outboxFolderOf(settings)];
  return [...new Set([lmdbFolderOf(settings), ...outbox])];
}

/**
 * Checks the configured store where it was not closed cleanly. Call it before a command opens a store that it must leave as
 * it is.
 *
 * @throws Error if the store is damaged
 */
export async function assertReadableStores(config: Config): Promise<void> {
  for (const folder of foldersOf(config)) if (needsCheck(folder)) await assertReadableStore(folder);
}

/**
 * Reads every record of a store.
 *
 * @throws Error if the store is damaged
 */
export async function assertReadableStore(folder: string): Promise<void> {
  if (!existsSync(join(folder, DATA_FILE)) || (await runChecker('check', folder))) return;
  throw new Error(
    `DATA_DIR must hold a store that this user can read: the file in ${folder} is damaged, or this user may not read it. When the gateway starts, it recovers what it can`,
  );
}

/**
 * Reads a store in a process of its own: LMDB may crash the process that reads a damaged file. That process ends with this
 * one.
 */
const runChecker: RunChecker = async (...work) => {
  const child = spawn(process.execPath, [CHECKER, ...work], { stdio: 'ignore' });
  const kill = () => child.kill();
  process.once('exit', kill);
  const [code] = await once(child, 'exit');
  process.off('exit', kill);
  return code === 0;
};
