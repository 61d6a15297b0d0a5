import { hash, timingSafeEqual } from 'node:crypto';
import type { Caller, Scope } from '../../graphql/caller.js';

/** An API key as the configuration has it: the key itself is not known, only its digest. */
export interface ApiKey {
  /** The name of the client. */
  readonly name: string;
  /** SHA-256 of the key. */
  readonly digest: Buffer;
  readonly scopes: ReadonlySet<Scope>;
}

/** The caller whose API key this is. The time it takes does not depend on the keys: it compares with all of them. */
export function callerWithKey(keys: readonly ApiKey[], credential: string): Caller | undefined {
  const digest = hash('sha256', credential, 'buffer');
  let match: ApiKey | undefined;
  for (const key of keys) if (timingSafeEqual(key.digest, digest)) match = key;
  return match && { name: match.name, scopes: match.scopes };
}
