import { readFile } from 'node:fs/promises';
import { type Persisted, readManifest } from '../graphql/server/persisted-operations.js';
import { anyone, type Callers, knownCallers } from '../http/auth/callers.js';
import type { Tokens } from '../http/auth/tokens.js';
import { type Config, ConfigError } from './config.js';

/** Who may call the gateway: anyone, unless API keys or tokens are configured. */
export function callersOf({ auth }: Config, tokens: Tokens | undefined): Callers {
  return tokens || auth.keys.length > 0 ? knownCallers(auth.keys, tokens) : anyone;
}

/**
 * Which operations may run.
 *
 * @throws ConfigError if the safelist cannot be read, or is not a manifest
 */
export async function persistedOf({ persisted }: Config): Promise<Persisted> {
  if (typeof persisted === 'string') return persisted;
  const { safelist } = persisted;
  const text = await readFile(safelist, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ConfigError([`PERSISTED_OPERATIONS_FILE must be a file that can be read: ${error.code}`]);
  });
  return readManifest(text);
}

/** The secrets of a configuration, which the log replaces wherever they occur. */
export function secretsOf({ credentials, redisUrl }: Config): string[] {
  const password = redisUrl && new URL(redisUrl).password;
  return [
    credentials?.key,
    credentials?.secretKey,
    password,
    password && decodeURIComponent(password),
  ].flatMap((secret) => secret || []);
}
