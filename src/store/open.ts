import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedStore } from './embedded.js';
import { RedisStore } from './redis.js';
import { SharedStore } from './shared.js';
import type { ReportFault, Store } from './store.js';

/** How long Redis is waited for at the start, in milliseconds. */
const FIRST_WAIT = 2000;
const LOOK_EVERY = 20;

export interface StoreSettings {
  /** A folder on a local disk: the embedded store's, or the spool's while Redis is lost. */
  readonly folder: string;
  readonly redisUrl: string | undefined;
  /** Stands before every key: those of another upstream or account never meet these. */
  readonly namespace: string;
  readonly spooledSince: () => string;
  readonly report: ReportFault;
}

/** The folders in which a store is open with these settings. */
export function foldersOf({ folder, redisUrl }: StoreSettings): string[] {
  return [join(folder, redisUrl === undefined ? 'store' : 'spool')];
}

/** Opens the store that is configured. Redis may still be away: it is looked for, and the spool serves until then. */
export async function openStore(settings: StoreSettings): Promise<Store> {
  const { redisUrl, namespace, report } = settings;
  const [folder = ''] = foldersOf(settings);
  const local = new EmbeddedStore(folder, namespace);
  if (redisUrl === undefined) return local;
  const redis = new RedisStore(redisUrl, namespace, report, () => shared.look());
  const shared = new SharedStore(redis, local, settings);
  const giveUp = Date.now() + FIRST_WAIT;
  while (shared.health() !== 'ok' && Date.now() < giveUp) await sleep(LOOK_EVERY);
  return shared;
}
