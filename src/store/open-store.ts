import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedStore } from './embedded/embedded-store.js';
import { RedisStore } from './redis/redis-store.js';
import type { RecoverySettings } from './shared/recovery.js';
import { SharedStore } from './shared/shared-store.js';
import type { Store } from './store.js';

/** How long the start waits for Redis, in milliseconds. */
const REDIS_START_TIMEOUT = 2000;
const CHECK_INTERVAL = 20;

export interface StoreSettings extends RecoverySettings {
  /** A folder on a local disk: the embedded store's, or the spool's beside Redis. */
  readonly folder: string;
  readonly redisUrl: string | undefined;
  /** Stands before every key, so that several upstreams or accounts share a store without mixing. */
  readonly namespace: string;
}

/** The folder of the LMDB file under these settings. */
export function lmdbFolderOf({ folder, redisUrl }: Pick<StoreSettings, 'folder' | 'redisUrl'>): string {
  return join(folder, redisUrl === undefined ? 'store' : 'spool');
}

/** Opens the configured store. If Redis cannot be reached yet, the spool serves until it can. */
export async function openStore(settings: StoreSettings): Promise<Store> {
  const { redisUrl, namespace, report } = settings;
  const folder = lmdbFolderOf(settings);
  if (redisUrl === undefined) return new EmbeddedStore(folder, namespace);
  const spool = new EmbeddedStore(folder, namespace, 'spool');
  const redis = new RedisStore(redisUrl, namespace, report, () => shared.check());
  const shared = new SharedStore(redis, spool, settings);
  const deadline = Date.now() + REDIS_START_TIMEOUT;
  while (!shared.isComplete && Date.now() < deadline) await sleep(CHECK_INTERVAL);
  return shared;
}
