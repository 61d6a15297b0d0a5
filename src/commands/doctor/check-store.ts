import { existsSync, mkdtempSync, rmdirSync, statfsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Config } from '../../config/config.js';
import { storeSettings } from '../../config/store-settings.js';
import { MIN_FREE_FOR_ENTRIES } from '../../store/embedded/disk.js';
import { DATA_FILE } from '../../store/embedded/recovery/open-mark.js';
import { lmdbFolderOf } from '../../store/open-store.js';
import { reasonOf } from '../environment-faults.js';
import { openLedger } from '../ledger/open-ledger.js';
import { assertReadableStore } from '../recover-store.js';
import { type Finding, ok, wrong } from './finding.js';

const MB = 1024 * 1024;
const DAY = 86_400_000;
/** Days whose rows are read. */
const LEDGER_DAYS = 30;

/** Checks the folder, the file in it, and Redis. It leaves all of them as they are, so that a gateway may be running. */
export async function checkStore(config: Config): Promise<readonly Finding[]> {
  const folder = lmdbFolderOf(storeSettings(config, Date.now, () => undefined));
  return [...checkFolder(folder), await checkFile(folder), ...(await checkRedis(config))];
}

/** Checks the disk where the folder is, or would be made. */
function checkFolder(folder: string): readonly Finding[] {
  let existing = folder;
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing);
  try {
    rmdirSync(mkdtempSync(join(existing, '.doctor-')));
    const { bavail, bsize } = statfsSync(existing);
    const free = Math.floor((bavail * bsize) / MB);
    if (free >= MIN_FREE_FOR_ENTRIES / MB)
      return [ok('store', `${folder} can be written; ${free} MB are free`)];
    const needed = MIN_FREE_FOR_ENTRIES / MB;
    return [wrong('store', `DATA_DIR must have ${needed} MB free to keep answers, and has ${free} MB`)];
  } catch (error) {
    return [wrong('store', `DATA_DIR must be a writable folder: ${reasonOf(error)} ${existing}`)];
  }
}

async function checkFile(folder: string): Promise<Finding> {
  if (!existsSync(join(folder, DATA_FILE))) return ok('store', 'no gateway has stored anything there yet');
  try {
    await assertReadableStore(folder);
    return ok('store', 'every record can be read');
  } catch (error) {
    return wrong('store', messageOf(error));
  }
}

async function checkRedis(config: Config): Promise<readonly Finding[]> {
  const { redis } = config;
  if (redis === undefined) return [];
  const reported: string[] = [];
  const { namespace } = storeSettings(config, Date.now, () => undefined);
  const report = (message: string, error: unknown) =>
    reported.push(error === undefined ? message : `${message}: ${reasonOf(error)}`);
  try {
    const { openRedis } = await import('../../store/shared/open-shared.js');
    const store = await openRedis(redis, { namespace, report });
    // Any command: what the connection found out about its server has arrived before the answer.
    await store.counters.read('doctor', ['none']);
    await store.close();
  } catch (error) {
    reported.push(messageOf(error));
  }
  return reported.length === 0
    ? [ok('store', 'Redis can be used')]
    : reported.map((message) => wrong('store', message));
}

/** Reads the rows of the last days, as `ledger export` does. */
export async function checkLedger(config: Config): Promise<readonly Finding[]> {
  const reported: Finding[] = [];
  const report = (message: string) => reported.push(wrong('ledger', message));
  try {
    const opened = await openLedger(config, report);
    if (opened === undefined) return [ok('ledger', 'no call has been recorded yet')];
    const counts = { yes: 0, no: 0, maybe: 0 };
    try {
      for await (const { billed } of opened.ledger.rows(
        Date.now() - LEDGER_DAYS * DAY,
        Number.POSITIVE_INFINITY,
      )) {
        counts[billed] += 1;
      }
    } finally {
      await opened.close();
    }
    const rows = counts.yes + counts.no + counts.maybe;
    const text = `calls in the last ${LEDGER_DAYS} days: ${rows}, of them billed: ${counts.yes}, maybe billed: ${counts.maybe}`;
    return reported.length > 0 ? reported : [ok('ledger', text)];
  } catch (error) {
    return [wrong('ledger', `it cannot be read: ${messageOf(error)}`)];
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
