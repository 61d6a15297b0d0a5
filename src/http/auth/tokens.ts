import { createHash } from 'node:crypto';
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import { type Caller, isCallerName, isScope } from '../../graphql/caller.js';
import { RequestError } from '../request-error.js';

/** Asymmetric signatures alone: with others, whoever verifies could sign. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
/** Seconds that clocks may differ by. */
const CLOCK_TOLERANCE = 5;
/** Milliseconds. A token with an unknown key has the keys read again, not more often than this. */
const COOLDOWN = 500;
/** Milliseconds. How often keys are read again, for those that were withdrawn. */
const RELOAD_EVERY = 5 * 60_000;
/** Milliseconds. A token is not verified again for so long, so that a withdrawn key ends soon. */
const VERIFIED_FOR = 60_000;
const MAX_VERIFIED = 10_000;
/** When to ask again, in seconds, if the keys have never been read. */
const KEYS_RETRY = 5;

export interface TokenSettings {
  readonly jwksUrl: string;
  readonly issuer: string;
  readonly audience: string;
}

/** JSON Web Tokens (RFC 7519) of one issuer, whose keys are read from its JWKS. */
export class Tokens {
  readonly #keys: ReturnType<typeof createRemoteJWKSet>;
  readonly #reloading: NodeJS.Timeout;
  readonly #verified = new LRUCache<string, Caller>({ max: MAX_VERIFIED });

  /** @param report is told when the keys cannot be read; those that were read before serve on */
  constructor(
    private readonly settings: TokenSettings,
    private readonly report: (what: string, error: unknown) => void,
  ) {
    this.#keys = createRemoteJWKSet(new URL(settings.jwksUrl), {
      cacheMaxAge: Number.POSITIVE_INFINITY,
      cooldownDuration: COOLDOWN,
    });
    this.#reloading = setInterval(() => void this.#reload(), RELOAD_EVERY).unref();
    void this.#reload();
  }

  /**
   * Who a token names by its `sub`, with the scopes of its `scope`. Undefined where it is not good.
   *
   * @throws RequestError 503 where the issuer's keys have never been read
   */
  async callerBy(token: string): Promise<Caller | undefined> {
    const digest = createHash('sha256').update(token).digest('base64');
    const known = this.#verified.get(digest);
    if (known) return known;
    const payload = await this.#payloadOf(token);
    if (payload?.sub === undefined || !isCallerName(payload.sub)) return undefined;
    const caller: Caller = { name: payload.sub, scopes: new Set(scopesOf(payload)) };
    const left = ((payload.exp ?? 0) + CLOCK_TOLERANCE) * 1000 - Date.now();
    if (left > 0) this.#verified.set(digest, caller, { ttl: Math.min(left, VERIFIED_FOR) });
    return caller;
  }

  close(): void {
    clearInterval(this.#reloading);
  }

  async #payloadOf(token: string): Promise<JWTPayload | undefined> {
    const { issuer, audience } = this.settings;
    try {
      const { payload } = await jwtVerify(token, this.#keys, {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE,
        requiredClaims: ['exp', 'sub'],
      });
      return payload;
    } catch (error) {
      // A token that is not one, was changed, has run out, or is for somebody else.
      const ofToken = error instanceof errors.JOSEError && this.#keys.jwks() !== undefined;
      if (ofToken || isNoToken(error)) return undefined;
      this.report('the keys of AUTH_JWKS_URL cannot be read', error);
      if (this.#keys.jwks() !== undefined) return undefined;
      throw new RequestError(503, 'OVERLOADED', 'Tokens cannot be verified at present; ask again.', {
        retryAfter: KEYS_RETRY,
      });
    }
  }

  async #reload(): Promise<void> {
    await this.#keys.reload().catch((error: unknown) => {
      this.report('the keys of AUTH_JWKS_URL cannot be read; those that are known serve on', error);
    });
  }
}

/** Whether it failed before any key was needed. */
function isNoToken(error: unknown): boolean {
  return (
    error instanceof errors.JWSInvalid ||
    error instanceof errors.JWTInvalid ||
    error instanceof errors.JOSEAlgNotAllowed ||
    error instanceof errors.JWTClaimValidationFailed
  );
}

/** RFC 8693: one text, parted by spaces. Some issuers give a list. */
function scopesOf({ scope }: JWTPayload) {
  const named = typeof scope === 'string' ? scope.split(' ') : Array.isArray(scope) ? scope.map(String) : [];
  return named.filter(isScope);
}
