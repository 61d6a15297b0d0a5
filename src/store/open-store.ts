import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedStore } from './embedded/embedded-store.js';
import { DATA_FILE } from './embedded/recovery/open-mark.js';
import { RedisStore } from './redis/redis-store.js';
import type { RecoverySettings } from './shared/recovery.js';
import { SharedStore } from './shared/shared-store.js';
import { type Store, StoreUnavailable } from './store.js';

/** How long the start waits for Redis, in milliseconds. */
const REDIS_START_TIMEOUT = 2000;
const CHECK_INTERVAL = 20;

export interface StoreSettings extends RecoverySettings {
  /** A folder on a local disk: the embedded store's, or the spool's beside Redis. */
  readonly folder: string;
  readonly redisUrl: string | undefined;
  /** Stands before every key, so that several upstreams or accounts share a store without mixing. */
  readonly namespace: string;
  /** Bytes of answers that the LMDB file keeps. */
  readonly maxEntryBytes: number;
  /** The key of the first row of the ledger that is kept. */
  readonly firstKeptRow: () => string;
}

/** The folder of the LMDB file under these settings. */
export function lmdbFolderOf({ folder, redisUrl }: Pick<StoreSettings, 'folder' | 'redisUrl'>): string {
  return join(folder, redisUrl === undefined ? 'store' : 'spool');
}

/** Opens the configured store. If Redis cannot be reached yet, the spool serves until it can. */
export async function openStore(settings: StoreSettings): Promise<Store> {
  const { redisUrl, namespace, maxEntryBytes, firstKeptRow, report } = settings;
  const folder = lmdbFolderOf(settings);
  if (redisUrl === undefined) {
    return new EmbeddedStore(folder, namespace, 'store', { maxEntryBytes, firstKeptRow, report });
  }
  const spool = new EmbeddedStore(folder, namespace, 'spool', { maxEntryBytes, report });
  const redis = new RedisStore(redisUrl, namespace, report, () => shared.check());
  const shared = new SharedStore(redis, spool, settings);
  await waitForRedis(() => shared.isComplete);
  return shared;
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
  const { redisUrl } = settings;
  if (existsSync(join(lmdbFolderOf(settings), DATA_FILE))) return openStore(settings);
  return redisUrl === undefined ? undefined : openRedis({ ...settings, redisUrl });
}

/** Connects to Redis alone, without the spool. @throws StoreUnavailable if it cannot be reached */
export async function openRedis({
  redisUrl,
  namespace,
  report,
}: Pick<StoreSettings, 'namespace' | 'report'> & { readonly redisUrl: string }): Promise<Store> {
  const redis = new RedisStore(redisUrl, namespace, report, () => undefined);
  if (await waitForRedis(() => redis.health() === 'ok')) return redis;
  await redis.close();
  throw new StoreUnavailable('REDIS_URL must be the URL of a Redis that can be reached');
}

/** Waits until Redis can be used, 2 s at most. Resolves with whether it can. */
async function waitForRedis(isReady: () => boolean): Promise<boolean> {
  const deadline = Date.now() + REDIS_START_TIMEOUT;
  while (!isReady() && Date.now() < deadline) await sleep(CHECK_INTERVAL);
  return isReady();
}
