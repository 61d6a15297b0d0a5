import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedStore } from './embedded/embedded-store.js';
import { DATA_FILE } from './embedded/recovery/open-mark.js';
import { RedisStore } from './redis/redis-store.js';
import type { RedisSettings } from './redis/target.js';
import type { RecoverySettings } from './shared/recovery.js';
import { SharedStore } from './shared/shared-store.js';
import { type Store, StoreUnavailable } from './store.js';

/** How long the start waits for Redis, in milliseconds. */
const REDIS_START_TIMEOUT = 2000;
const CHECK_INTERVAL = 20;

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
 * Opens the configured store. If Redis cannot be reached yet, the spool serves until it can.
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
  const spool = new EmbeddedStore(folder, namespace, 'spool', { maxEntryBytes, report });
  const redis = new RedisStore(redisSettings, namespace, report, () => shared.check(), spool.remembered);
  const shared = new SharedStore(redis, spool, settings);
  await waitForRedis(redis, () => shared.isComplete);
  if (redis.settingsFault !== undefined) {
    await shared.close();
    throw new Error(redis.settingsFault);
  }
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
  const { redis } = settings;
  if (existsSync(join(lmdbFolderOf(settings), DATA_FILE))) return openStore(settings);
  return redis === undefined ? undefined : openRedis({ ...settings, redis });
}

/** Connects to Redis alone, without the spool. @throws Error that says why it cannot be used */
export async function openRedis({
  redis: redisSettings,
  namespace,
  report,
}: Pick<StoreSettings, 'namespace' | 'report'> & { readonly redis: RedisSettings }): Promise<Store> {
  const redis = new RedisStore(redisSettings, namespace, report, () => undefined);
  if (await waitForRedis(redis, () => redis.health() === 'ok')) return redis;
  await redis.close();
  const unreachable = 'REDIS_URL must be the URL of a Redis that can be reached';
  throw new StoreUnavailable(redis.settingsFault ?? unreachable);
}

/** Waits until Redis can be used or shows that the settings are wrong, 2 s at most. Resolves with whether it can be used. */
async function waitForRedis(redis: RedisStore, isReady: () => boolean): Promise<boolean> {
  const deadline = Date.now() + REDIS_START_TIMEOUT;
  while (!isReady() && redis.settingsFault === undefined && Date.now() < deadline) {
    await sleep(CHECK_INTERVAL);
  }
  return isReady();
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
