import { errors } from 'jose';
import type { RequestError } from '../request-error.js';
import { invalidToken } from './unauthenticated.js';

type Fault = readonly [description: string, reason: string];

/** Claims of RFC 7519 with a value that the gateway does not accept. */
const CLAIM_FAULTS: Readonly<Record<string, Fault>> = {
  aud: ['The token is for another audience.', 'wrong audience'],
  iss: ['The token is from another issuer.', 'wrong issuer'],
  nbf: ['The token is not valid yet.', 'not valid yet'],
};
const MALFORMED: Fault = [
  'The credential is neither a known API key nor a JWT.',
  'unknown API key, and not a JWT',
];

/** Whether a fault was found before a key was needed. */
export function isFoundWithoutKeys(error: unknown): boolean {
  return error instanceof errors.JWSInvalid || error instanceof errors.JOSEAlgNotAllowed;
}

/** What is wrong with a token, by the error of its verification. Nothing of the token is repeated. */
export function tokenFault(error: unknown): RequestError {
  const [description, reason] = faultOf(error);
  return invalidToken(description, reason);
}

function faultOf(error: unknown): Fault {
  if (error instanceof errors.JWTExpired) return ['The token has expired.', 'expired'];
  if (error instanceof errors.JWTClaimValidationFailed) return claimFault(error);
  if (error instanceof errors.JWKSNoMatchingKey) {
    return ['The token is signed with a key that the issuer does not publish.', 'unknown key'];
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return ['The signature of the token is wrong.', 'wrong signature'];
  }
  if (error instanceof errors.JOSEAlgNotAllowed) {
    return ['The token must have an asymmetric signature.', 'algorithm not allowed'];
  }
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) return MALFORMED;
  return ['The token cannot be verified.', 'not verifiable'];
}

function claimFault({ claim, reason }: errors.JWTClaimValidationFailed): Fault {
  if (reason === 'missing') return [`The token lacks the claim ${claim}.`, `no claim ${claim}`];
  return (
    CLAIM_FAULTS[claim] ?? [
      `The claim ${claim} of the token cannot be used.`,
      `the claim ${claim} is unusable`,
    ]
  );
}
