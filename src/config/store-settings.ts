import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { timeKey } from '../ledger/ledger.js';
import type { StoreSettings } from '../store/open-store.js';
import type { ReportFault } from '../store/store.js';
import type { Config } from './config.js';

/** How long, in milliseconds, the spool keeps rows that Redis has taken. A Redis that crashes may lose its newest rows. */
const SPOOL_RETENTION = 3_600_000;

/** Where a configuration stores its data. The sandbox's invented data has a folder and keys of its own. */
export function storeSettings(config: Config, now: () => number, report: ReportFault): StoreSettings {
  const { credentials, baseUrl, dataDir, redisUrl } = config;
  const account = credentials && createHash('sha256').update(credentials.key).digest('hex').slice(0, 16);
  return {
    folder: credentials ? dataDir : join(dataDir, 'sandbox'),
    redisUrl,
    namespace: credentials ? `endcase ${baseUrl} ${account}` : 'endcase sandbox',
    firstSpooledKey: () => timeKey(now() - SPOOL_RETENTION),
    report,
  };
}
