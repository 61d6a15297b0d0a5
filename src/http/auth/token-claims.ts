import type { JWTPayload } from 'jose';
import { type Caller, isCallerName, isScope, type Scope } from '../../graphql/caller.js';
import { invalidToken } from './unauthenticated.js';

/** The claims of a token that say who calls and what the caller may do. */
export interface ClaimNames {
  /** Its value names the client. */
  readonly clientClaim: string;
  /** Its value has the scopes: a string with spaces between them, or an array. */
  readonly scopesClaim: string;
}

/**
 * The caller that a verified token names.
 *
 * @throws RequestError 401 if the claim of the client is no string of 1 to 200 printable characters
 */
export function callerOf(payload: JWTPayload, { clientClaim, scopesClaim }: ClaimNames): Caller {
  const name = payload[clientClaim];
  if (typeof name === 'string' && isCallerName(name)) {
    return { name, scopes: new Set(scopesIn(payload[scopesClaim])) };
  }
  throw invalidToken(
    `The claim ${clientClaim} must be a string of 1 to 200 printable characters.`,
    `the claim ${clientClaim} names no client`,
  );
}

/** Reads a string of words (`scope` of RFC 8693, section 4.2) or an array, as `scp` and `roles` often are. */
function scopesIn(claim: unknown): Scope[] {
  const words = typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : [];
  return words.filter((word) => typeof word === 'string').filter(isScope);
}
