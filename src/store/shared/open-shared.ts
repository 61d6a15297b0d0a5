import { setTimeout as sleep } from 'node:timers/promises';
import type { EmbeddedStore } from '../embedded/embedded-store.js';
import { RedisStore } from '../redis/redis-store.js';
import type { RedisSettings } from '../redis/target.js';
import { type ReportFault, type Store, StoreUnavailable } from '../store.js';
import type { RecoverySettings } from './recovery.js';
import { SharedStore } from './shared-store.js';

/** How long the start waits for Redis, in milliseconds. */
const START_TIMEOUT = 2000;
const CHECK_INTERVAL = 20;

/** What every store in Redis needs besides the server. */
interface RedisStoreSettings {
  readonly namespace: string;
  readonly report: ReportFault;
}

/**
 * Opens a store in Redis with its spool. If Redis cannot be reached yet, the spool serves until it can.
 *
 * @throws Error where Redis shows that the settings are wrong
 */
export async function openShared(
  target: RedisSettings,
  spool: EmbeddedStore,
  settings: RedisStoreSettings & RecoverySettings,
): Promise<SharedStore> {
  const { namespace, report } = settings;
  const redis = new RedisStore(target, namespace, report, () => shared.check(), spool.remembered);
  const shared = new SharedStore(redis, spool, settings);
  await waitForRedis(redis, () => shared.isComplete);
  if (redis.settingsFault !== undefined) {
    await shared.close();
    throw new Error(redis.settingsFault);
  }
  return shared;
}

/** Connects to Redis alone, without the spool. @throws Error that says why it cannot be used */
export async function openRedis(
  target: RedisSettings,
  { namespace, report }: RedisStoreSettings,
): Promise<Store> {
  const redis = new RedisStore(target, namespace, report, () => undefined);
  if (await waitForRedis(redis, () => redis.health() === 'ok')) return redis;
  await redis.close();
  const unreachable = 'REDIS_URL must be the URL of a Redis that can be reached';
  throw new StoreUnavailable(redis.settingsFault ?? unreachable);
}

/** Waits until Redis can be used or shows that the settings are wrong, 2 s at most. Resolves with whether it can be used. */
async function waitForRedis(redis: RedisStore, isReady: () => boolean): Promise<boolean> {
  const deadline = Date.now() + START_TIMEOUT;
  while (!isReady() && redis.settingsFault === undefined && Date.now() < deadline) {
    await sleep(CHECK_INTERVAL);
  }
  return isReady();
}
