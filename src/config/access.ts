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
    throw new ConfigError([`PERSISTED_OPERATIONS_FILE must be a readable file: ${error.code}`]);
  });
  const manifest = readManifest(text);
  if (manifest) return manifest;
  throw new ConfigError([
    'PERSISTED_OPERATIONS_FILE must hold an apollo-persisted-query-manifest, or a JSON object of documents by id',
  ]);
}

/** The secrets of a configuration, which the log replaces wherever they occur. */
export function secretsOf({ credentials, redis, ledgerUrl }: Config): string[] {
  const passwords = [...variantsOf(redis?.target.password), ...passwordsIn(ledgerUrl)];
  return [credentials?.key, credentials?.secretKey, ...passwords].flatMap((secret) => secret || []);
}

/** A password, as it is meant and as it is written in a URL. */
function variantsOf(password: string | undefined): string[] {
  return password === undefined ? [] : [password, encodeURIComponent(password)];
}

/** The passwords of a URL, as they are written and as they are meant. */
function passwordsIn(url: string | undefined): string[] {
  if (url === undefined) return [];
  const { password, searchParams } = new URL(url);
  return [password, decodeURIComponent(password), searchParams.get('password') ?? ''];
}
