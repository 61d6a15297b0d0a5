import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { timeKey } from '../ledger/ledger.js';
import type { StoreSettings } from '../store/open-store.js';
import type { ReportFault } from '../store/store.js';
import type { Config } from './config.js';

/** How long, in milliseconds, the spool keeps rows that Redis has taken. A Redis that crashes may lose its newest rows. */
const SPOOL_RETENTION = 3_600_000;

const DAY = 86_400_000;

export interface Settings extends StoreSettings {
  /** Names the account in a ledger elsewhere: the upstream's URL and a digest of the key. */
  readonly account: string;
}

/** Names the account whose data a store holds: a digest of its key. Undefined: the sandbox has no account. */
export function accountOf({ credentials }: Config): string | undefined {
  return credentials && createHash('sha256').update(credentials.key).digest('hex').slice(0, 16);
}

/** Where answers, budgets and the ledger are kept, for the start line. Contains no secret. */
export function describeStorage({ redis, dataDir, ledgerUrl, ledgerRetention }: Config): string {
  const store = redis === undefined ? dataDir : `Redis, with a spool in ${dataDir}`;
  const kept = `kept for ${Number((ledgerRetention / DAY).toFixed(2))} days`;
  if (ledgerUrl === undefined) return `store: ${store} · ledger: in the store, ${kept}`;
  return `store: ${store} · ledger: in ${describeDatabase(ledgerUrl)}, ${kept} · budgets: in the store`;
}

/** A PostgreSQL database, without the user and the password of its URL. */
export function describeDatabase(url: string): string {
  const { host, pathname } = new URL(url);
  return `PostgreSQL at ${host}${pathname}`;
}

/** Where a configuration stores its data. The sandbox's invented data has a folder and keys of its own. */
export function storeSettings(config: Config, now: () => number, report: ReportFault): Settings {
  const { credentials, baseUrl, dataDir, redis, ledgerUrl, cacheDisk, ledgerRetention } = config;
  const account = credentials ? `${baseUrl} ${accountOf(config)}` : 'sandbox';
  return {
    folder: credentials ? dataDir : join(dataDir, 'sandbox'),
    redis,
    hasLedger: ledgerUrl === undefined,
    account,
    namespace: `endcase ${account}`,
    maxEntryBytes: cacheDisk,
    firstKeptRow: () => timeKey(now() - ledgerRetention),
    firstSpooledKey: () => timeKey(now() - SPOOL_RETENTION),
    report,
  };
}
