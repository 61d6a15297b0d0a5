import { createHash } from 'node:crypto';
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import type { Caller } from '../../graphql/caller.js';
import { RequestError } from '../request-error.js';
import { type ClaimNames, callerOf } from './token-claims.js';
import { isFoundWithoutKeys, tokenFault } from './token-faults.js';

/** Asymmetric algorithms only: with a symmetric one, everyone who can verify a token can also sign one. */
const ALGORITHMS = 'RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519'.split(' ');
/** Seconds by which the clocks of issuer and gateway may differ. */
const CLOCK_TOLERANCE = 5;
/** Milliseconds between two requests for the keys that tokens with an unknown key cause. */
const MIN_FETCH_INTERVAL = 500;
/** Milliseconds between two regular requests for the keys, so that a withdrawn key stops working. */
const REFRESH_INTERVAL = 5 * 60_000;
/** Milliseconds for which a verified token is not verified again. Short, so that a withdrawn key stops working soon. */
const VERIFIED_TTL = 60_000;
const MAX_VERIFIED = 10_000;
/** Seconds after which a client may retry while the keys have never been fetched. */
const RETRY_AFTER = 5;

export interface JwtSettings extends ClaimNames {
  /** The issuer's JSON Web Key Set (RFC 7517). */
  readonly jwksUrl: string;
  readonly issuer: string;
  readonly audience: string;
}

/** Verifies the JSON Web Tokens (RFC 7519) of one issuer. */
export class JwtVerifier {
  readonly #keys: ReturnType<typeof createRemoteJWKSet>;
  readonly #refreshTimer: NodeJS.Timeout;
  /** By digest: the cache holds no token. */
  readonly #verified = new LRUCache<string, Caller>({ max: MAX_VERIFIED });

  /** @param report logs that the keys could not be fetched */
  constructor(
    private readonly settings: JwtSettings,
    private readonly report: (what: string, error: unknown) => void,
  ) {
    this.#keys = createRemoteJWKSet(new URL(settings.jwksUrl), {
      cacheMaxAge: Number.POSITIVE_INFINITY,
      cooldownDuration: MIN_FETCH_INTERVAL,
    });
    this.#refreshTimer = setInterval(() => void this.#refresh(), REFRESH_INTERVAL).unref();
    void this.#refresh();
  }

  /**
   * Resolves with the caller that a token names, with its scopes.
   *
   * @throws RequestError 401 if the token is not valid, 503 if the issuer's keys have never been fetched
   */
  async verify(token: string): Promise<Caller> {
    const digest = createHash('sha256').update(token).digest('base64');
    const verified = this.#verified.get(digest);
    if (verified) return verified;
    const payload = await this.#payloadOf(token);
    const caller = callerOf(payload, this.settings);
    const validFor = ((payload.exp ?? 0) + CLOCK_TOLERANCE) * 1000 - Date.now();
    if (validFor > 0) this.#verified.set(digest, caller, { ttl: Math.min(validFor, VERIFIED_TTL) });
    return caller;
  }

  close(): void {
    clearInterval(this.#refreshTimer);
  }

  async #payloadOf(token: string): Promise<JWTPayload> {
    const { issuer, audience, clientClaim } = this.settings;
    const options: JWTVerifyOptions = {
      issuer,
      audience,
      algorithms: ALGORITHMS,
      clockTolerance: CLOCK_TOLERANCE,
      requiredClaims: ['exp', clientClaim],
    };
    try {
      return await this.#verifyWithKeys(token, options);
    } catch (error) {
      const haveKeys = this.#keys.jwks() !== undefined;
      if (isFoundWithoutKeys(error) || (haveKeys && error instanceof errors.JOSEError))
        throw tokenFault(error);
      this.report('could not fetch the keys at AUTH_JWKS_URL', error);
      if (haveKeys) throw tokenFault(new errors.JWKSNoMatchingKey());
      const message = `Tokens cannot be verified at the moment; retry in ${RETRY_AFTER} s.`;
      throw new RequestError(503, 'OVERLOADED', message, {
        retryAfter: RETRY_AFTER,
        reason: 'the keys at AUTH_JWKS_URL have not been fetched yet',
      });
    }
  }

  /**
   * Keys without a `kid`, or with the same one, may all fit a token: each is tried.
   *
   * @throws JOSEError if the token is not valid
   */
  async #verifyWithKeys(token: string, options: JWTVerifyOptions): Promise<JWTPayload> {
    try {
      return (await jwtVerify(token, this.#keys, options)).payload;
    } catch (error) {
      if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
      for await (const key of error) {
        try {
          return (await jwtVerify(token, key, options)).payload;
        } catch (failure) {
          if (!(failure instanceof errors.JWSSignatureVerificationFailed)) throw failure;
        }
      }
      throw new errors.JWSSignatureVerificationFailed();
    }
  }

  async #refresh(): Promise<void> {
    await this.#keys.reload().catch((error: unknown) => {
      this.report('could not refresh the keys at AUTH_JWKS_URL; keys fetched before stay in use', error);
    });
  }
}
