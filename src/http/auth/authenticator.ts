import { hash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { ANONYMOUS, type Caller, isCallerName } from '../../graphql/caller.js';
import { cutName } from '../../qcc/text/typed-text.js';
import { RequestError } from '../request-error.js';
import type { JwtVerifier } from './jwt-verifier.js';

/** The credentials of RFC 6750, section 2.1, and any other visible ASCII: an operator chooses the keys. */
const BEARER = /^Bearer +([!-~]+) *$/i;

const utf8 = new TextDecoder('utf-8', { fatal: true });

export const MISSING_CREDENTIALS = 'Send an API key or a token in the header "Authorization: Bearer …".';

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
  return async (headers) => {
    if (isOpen) return withDelegatedName(ANONYMOUS, headers);
    const [, credential] = BEARER.exec(headers.authorization ?? '') ?? [];
    if (credential === undefined) throw unauthenticated(MISSING_CREDENTIALS);
    const caller = callerWithKey(keys, credential) ?? (await jwtVerifier?.verify(credential));
    if (caller === undefined) throw unauthenticated('The API key or token is not valid.');
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

function unauthenticated(message: string): RequestError {
  return new RequestError(401, 'UNAUTHENTICATED', message, { headers: { 'www-authenticate': 'Bearer' } });
}
