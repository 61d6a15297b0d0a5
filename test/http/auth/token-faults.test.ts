import { errors } from 'jose';
import { tokenFault } from '../../../src/http/auth/token-faults.js';

const claim = (name: string, reason?: 'missing' | 'check_failed') =>
  new errors.JWTClaimValidationFailed('', {}, name, reason);

it.each([
  ['expired', new errors.JWTExpired('', {}, 'exp')],
  ['wrong audience', claim('aud', 'check_failed')],
  ['wrong issuer', claim('iss', 'check_failed')],
  ['not valid yet', claim('nbf', 'check_failed')],
  ['no claim client_id', claim('client_id', 'missing')],
  ['unknown key', new errors.JWKSNoMatchingKey()],
  ['wrong signature', new errors.JWSSignatureVerificationFailed()],
  ['algorithm not allowed', new errors.JOSEAlgNotAllowed()],
  ['unknown API key, and not a JWT', new errors.JWSInvalid()],
  ['not verifiable', new errors.JOSENotSupported()],
])('the log says of a refused token: %s', (reason, error) => {
  const fault = tokenFault(error);
  expect([fault.status, fault.reason]).toEqual([401, reason]);
  // RFC 6750, section 3: a description has no quotes and no backslashes.
  expect(fault.headers['www-authenticate']).toMatch(
    /^Bearer error="invalid_token", error_description="[\x20-\x21\x23-\x5b\x5d-\x7e]+"$/,
  );
});
