import { readFile } from 'node:fs/promises';
import { type Persisted, readManifest } from '../graphql/server/persisted-operations.js';
import { type Config, ConfigError } from './config.js';

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
  const manifest = readManifest(text);
  if (manifest) return manifest;
  throw new ConfigError([
    'PERSISTED_OPERATIONS_FILE must hold an apollo-persisted-query-manifest, or a JSON object of documents by id',
  ]);
}

/** The secrets of a configuration, which the log replaces wherever they occur. */
export function secretsOf({ credentials, redis }: Config): string[] {
  const password = redis?.target.password;
  return [
    credentials?.key,
    credentials?.secretKey,
    password,
    password && encodeURIComponent(password),
  ].flatMap((secret) => secret || []);
}
