import { hash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { ANONYMOUS, type Caller, isCallerName } from '../../graphql/caller.js';
import { cutName } from '../../qcc/text/typed-text.js';
import { RequestError } from '../request-error.js';
import type { JwtVerifier } from './jwt-verifier.js';
import { invalidToken, missingCredentials } from './unauthenticated.js';

/** The scheme of RFC 6750, section 2.1. Anything else counts as no credentials. */
const BEARER = /^Bearer +(.*\S) *$/i;
/** An API key or a JWT: an operator chooses the keys. */
const CREDENTIAL = /^[!-~]+$/;
/** Stands before the name of a token's client that would pass for the client of an API key. No key's name has a colon. */
const TOKEN_CLIENT = 'jwt:';
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** An API key as the configuration has it: the key itself is not known, only its digest. */
export interface ApiKey extends Caller {
  /** SHA-256 of the key. */
  readonly digest: Buffer;
}

/**
 * Finds out which client sent a request.
 *
 * @throws RequestError 401 without valid credentials, 503 if they cannot be verified now, 400 for a bad `x-client-name`
 */
export type Authenticate = (headers: IncomingHttpHeaders) => Promise<Caller>;

/**
 * Authenticates by `Authorization: Bearer …` with an API key or a JWT. Without `keys` and `jwtVerifier` every caller is
 * anonymous.
 *
 * @param jwtVerifier undefined: no JWT is accepted
 */
export function createAuthenticate(
  keys: readonly ApiKey[],
  jwtVerifier: JwtVerifier | undefined,
): Authenticate {
  const isOpen = keys.length === 0 && jwtVerifier === undefined;
  const keyNames = new Set(keys.map(({ name }) => name));
  const callerWithToken = async (token: string): Promise<Caller> => {
    if (jwtVerifier === undefined) throw invalidToken('The API key is not known.', 'unknown key');
    const caller = await jwtVerifier.verify(token);
    const isAmbiguous = keyNames.has(caller.name) || caller.name.startsWith(TOKEN_CLIENT);
    return isAmbiguous ? { ...caller, name: `${TOKEN_CLIENT}${caller.name}` } : caller;
  };
  return async (headers) => {
    if (isOpen) return withDelegatedName(ANONYMOUS, headers);
    const credential = BEARER.exec(headers.authorization ?? '')?.[1];
    if (credential === undefined) throw missingCredentials();
    if (!CREDENTIAL.test(credential)) {
      throw invalidToken(
        'An API key or a token must have visible ASCII characters only.',
        'malformed credential',
      );
    }
    const caller = callerWithKey(keys, credential) ?? (await callerWithToken(credential));
    return withDelegatedName(caller, headers);
  };
}

/** The caller whose API key this is. The time it takes does not depend on the keys: it compares with all of them. */
function callerWithKey(keys: readonly ApiKey[], credential: string): Caller | undefined {
  const digest = hash('sha256', credential, 'buffer');
  let match: ApiKey | undefined;
  for (const key of keys) if (timingSafeEqual(key.digest, digest)) match = key;
  return match;
}

/**
 * Lets a router name the client that it sends a request for: the budget, the rate limit and the ledger rows are then that
 * client's. The scopes stay the router's.
 */
function withDelegatedName(caller: Caller, { 'x-client-name': header }: IncomingHttpHeaders): Caller {
  if (header === undefined || !caller.scopes.has('clients:delegate')) return caller;
  const name = cutName(decode(String(header)).trim());
  if (isCallerName(name)) return { ...caller, name };
  throw badClientName('must have printable characters.');
}

/** The text of a header that a client sent in UTF-8: Node reads the bytes as Latin-1. @throws RequestError 400 */
function decode(header: string): string {
  try {
    return utf8.decode(Buffer.from(header, 'latin1'));
  } catch {
    throw badClientName('must be in UTF-8 or ASCII.');
  }
}

function badClientName(reason: string): RequestError {
  return new RequestError(400, 'BAD_USER_INPUT', `The header x-client-name ${reason}`);
}
