import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedStore } from './embedded/embedded-store.js';
import { DATA_FILE } from './embedded/recovery/open-mark.js';
import type { RedisSettings } from './redis/target.js';
import type { RecoverySettings } from './shared/recovery.js';
import type { SharedStore } from './shared/shared-store.js';
import type { Store } from './store.js';

export interface StoreSettings extends RecoverySettings {
  /** Whether the ledger is kept in this store. Otherwise it waits in the outbox. */
  readonly hasLedger: boolean;
  /** A folder on a local disk: the embedded store's, or the spool's beside Redis. */
  readonly folder: string;
  /** Undefined: the embedded store is used. */
  readonly redis: RedisSettings | undefined;
  /** Stands before every key, so that several upstreams or accounts share a store without mixing. */
  readonly namespace: string;
  /** Bytes of answers that the LMDB file keeps. */
  readonly maxEntryBytes: number;
  /** The key of the first row of the ledger that is kept. */
  readonly firstKeptRow: () => string;
}

/** The folder of the LMDB file under these settings. */
export function lmdbFolderOf({ folder, redis }: Pick<StoreSettings, 'folder' | 'redis'>): string {
  return join(folder, redis === undefined ? 'store' : 'spool');
}

/**
 * Opens the configured store. If Redis cannot be reached yet, the spool serves until it can. The client of Redis is loaded
 * only where Redis is used, because loading it takes part of a start.
 *
 * @throws Error where Redis shows that the settings are wrong
 */
export async function openStore(settings: StoreSettings): Promise<EmbeddedStore | SharedStore> {
  const { redis: redisSettings, namespace, maxEntryBytes, firstKeptRow, hasLedger, report } = settings;
  if (redisSettings === undefined && !hasLedger) return openOutbox(settings);
  const folder = lmdbFolderOf(settings);
  if (redisSettings === undefined) {
    return new EmbeddedStore(folder, namespace, 'store', { maxEntryBytes, firstKeptRow, report });
  }
  const { openShared } = await import('./shared/open-shared.js');
  const spool = new EmbeddedStore(folder, namespace, 'spool', { maxEntryBytes, report });
  return openShared(redisSettings, spool, settings);
}

/**
 * Opens the store of another process to read its journal. It makes no folder.
 *
 * @returns undefined: nothing has been stored yet
 * @throws StoreUnavailable if Redis cannot be reached
 */
export async function openForReading(
  settings: StoreSettings,
): Promise<Pick<Store, 'journal' | 'close'> | undefined> {
  const { redis } = settings;
  if (existsSync(join(lmdbFolderOf(settings), DATA_FILE))) return openStore(settings);
  if (redis === undefined) return undefined;
  const { openRedis } = await import('./shared/open-shared.js');
  return openRedis(redis, settings);
}

/** The folder of the LMDB file in which a ledger waits to be shipped: the embedded store's, also beside Redis. */
export function outboxFolderOf({ folder }: Pick<StoreSettings, 'folder'>): string {
  return join(folder, 'store');
}

/** Opens the store in which a ledger waits to be shipped. One that was kept there until now waits too. */
export function openOutbox(settings: StoreSettings): EmbeddedStore {
  const { namespace, maxEntryBytes, report } = settings;
  return new EmbeddedStore(outboxFolderOf(settings), namespace, 'outbox', { maxEntryBytes, report });
}
