import { hash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { ANONYMOUS, type Caller, isCallerName, type Scope } from '../../graphql/caller.js';
import { RequestError } from '../request-error.js';
import type { Tokens } from './tokens.js';

/** An API key, of which only its digest is known. */
export interface ApiKey {
  readonly name: string;
  /** SHA-256 of the key. */
  readonly digest: Buffer;
  readonly scopes: ReadonlySet<Scope>;
}

const BEARER = /^Bearer +([\w.~+/-]+=*) *$/i;

/** Tells who asks. */
export interface Callers {
  /** @throws RequestError 401 where nobody known asks, 503 where it cannot be told now, 400 where the client's name is none */
  identify(headers: IncomingHttpHeaders): Promise<Caller>;
}

/**
 * Knows callers by `Authorization: Bearer …`: an API key, or a token of `tokens`.
 *
 * @param tokens undefined: no tokens are taken
 */
export function knownCallers(keys: readonly ApiKey[], tokens: Tokens | undefined): Callers {
  return {
    async identify(headers) {
      const [, credential] = BEARER.exec(headers.authorization ?? '') ?? [];
      if (credential === undefined) {
        throw unauthenticated('Show an API key or a token, as Authorization: Bearer …');
      }
      const caller = callerByKey(keys, credential) ?? (await tokens?.callerBy(credential));
      if (caller === undefined) throw unauthenticated('The API key or token is not one that is known here.');
      return delegated(caller, headers);
    },
  };
}

/** Serves anyone, as one caller. */
export const anyone: Callers = { identify: async (headers) => delegated(ANONYMOUS, headers) };

/** Compares with every key in constant time. */
function callerByKey(keys: readonly ApiKey[], credential: string): Caller | undefined {
  const digest = hash('sha256', credential, 'buffer');
  let found: ApiKey | undefined;
  for (const key of keys) if (timingSafeEqual(key.digest, digest)) found = key;
  return found && { name: found.name, scopes: found.scopes };
}

/** A router asks for its clients: budgets, limits and the ledger are theirs, what may be read is its own. */
function delegated(caller: Caller, { 'x-client-name': name }: IncomingHttpHeaders): Caller {
  if (name === undefined || !caller.scopes.has('clients:delegate')) return caller;
  const client = String(name).trim();
  if (!isCallerName(client)) {
    throw new RequestError(
      400,
      'BAD_USER_INPUT',
      'x-client-name must be 1 to 200 printable characters, or not be sent.',
    );
  }
  return { ...caller, name: client };
}

export function unauthenticated(message: string): RequestError {
  return new RequestError(401, 'UNAUTHENTICATED', message, { headers: { 'www-authenticate': 'Bearer' } });
}
