import { RequestError } from '../request-error.js';

/** Asks for credentials without an error, as RFC 6750, section 3.1, has it for a request that brought none. */
const CHALLENGE = 'Bearer';

/** A request without credentials: 401, and the challenge of RFC 6750 without an error. */
export function missingCredentials(): RequestError {
  const message = 'Send an API key or a token in the header "Authorization: Bearer …".';
  return new RequestError(401, 'UNAUTHENTICATED', message, {
    headers: { 'www-authenticate': CHALLENGE },
    reason: 'no credentials',
  });
}

/**
 * A key or a token that is not valid: 401 with `invalid_token` (RFC 6750, section 3.1).
 *
 * @param description a sentence of printable ASCII without `"` and `\`. It repeats nothing of the token
 * @param reason for the log, in a few words
 */
export function invalidToken(description: string, reason: string): RequestError {
  return new RequestError(401, 'UNAUTHENTICATED', description, {
    headers: {
      'www-authenticate': `${CHALLENGE} error="invalid_token", error_description="${description}"`,
    },
    reason,
  });
}

/** A known caller without a scope: 403 with `insufficient_scope` (RFC 6750, section 3.1). */
export function insufficientScope(what: string, scope: string, client: string): RequestError {
  const description = `${what} needs the scope ${scope}.`;
  return new RequestError(403, 'FORBIDDEN', description, {
    headers: {
      'www-authenticate': `${CHALLENGE} error="insufficient_scope", error_description="${description}", scope="${scope}"`,
    },
    reason: `the scope ${scope} is missing`,
    client,
  });
}
