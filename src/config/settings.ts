import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Persisted, readManifest } from '../graphql/server/persisted-operations.js';
import { anyone, type Callers, knownCallers } from '../http/auth/callers.js';
import type { Tokens } from '../http/auth/tokens.js';
import { timeKey } from '../ledger/ledger.js';
import type { StoreSettings } from '../store/open.js';
import type { ReportFault } from '../store/store.js';
import type { Config } from './config.js';

/** For how long, in milliseconds, rows are spooled that Redis has taken: a server that crashes may forget the last. */
const SPOOLED = 3_600_000;

/** Who may ask. */
export function callersOf({ auth }: Config, tokens: Tokens | undefined): Callers {
  return tokens || auth.keys.length > 0 ? knownCallers(auth.keys, tokens) : anyone;
}

/** @throws Error where the safelist cannot be read, or is none */
export async function persistedOf({ persisted }: Config): Promise<Persisted> {
  if (typeof persisted === 'string') return persisted;
  const text = await readFile(persisted.safelist, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(`PERSISTED_OPERATIONS_FILE must name a file that can be read: ${error.code}`);
  });
  return readManifest(text);
}

/** What no line of the log may hold. */
export function secretsOf({ credentials, redisUrl }: Config): string[] {
  const password = redisUrl && new URL(redisUrl).password;
  return [
    credentials?.key,
    credentials?.secretKey,
    password,
    password && decodeURIComponent(password),
  ].flatMap((secret) => secret || []);
}

/** Where this configuration keeps things. Invented data has a folder and keys of its own. */
export function storeSettings(config: Config, now: () => number, report: ReportFault): StoreSettings {
  const { credentials, baseUrl, dataDir, redisUrl } = config;
  const account = credentials && createHash('sha256').update(credentials.key).digest('hex').slice(0, 16);
  return {
    folder: credentials ? dataDir : join(dataDir, 'sandbox'),
    redisUrl,
    namespace: credentials ? `endcase ${baseUrl} ${account}` : 'endcase sandbox',
    spooledSince: () => timeKey(now() - SPOOLED),
    report,
  };
}
