import * as z from 'zod';

const CERTIFICATE_CODES =
  /^(?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|CERT_|ERR_TLS_CERT_|HOSTNAME_MISMATCH)/;

/** What errors say to be wrong with the settings, and what would be right. The first that matches counts. */
const FAULTS: readonly [RegExp, string][] = [
  [
    /\b(?:WRONGPASS|NOAUTH)\b|invalid (?:username-)?password|without any password configured/,
    'REDIS_URL must have the user and the password that Redis expects: Redis refused the login',
  ],
  [
    /\bNOPERM\b|ACL failure in script|can't run this command/,
    'REDIS_URL must have a user with the permissions that the gateway needs (docs/scaling.md, "ACL"): Redis refused a command',
  ],
  [
    /(?:^|-|: )(?:MOVED|ASK) \d|SELECT is not allowed in cluster mode/,
    'REDIS_URL must begin with redis+cluster:// or rediss+cluster://: it leads to a node of a Redis Cluster that does not have the data of the gateway',
  ],
  [
    /cluster support disabled/,
    'REDIS_URL must begin with redis:// or rediss://: it leads to a server that is not a Redis Cluster',
  ],
  [
    /DB index is out of range/,
    'REDIS_URL must end in the number of a database that Redis has: this number is out of range',
  ],
  [
    /unknown command [`'"]?sentinel/i,
    'REDIS_URL must name Sentinels, not Redis servers, after redis+sentinel:// (port 26379 by default)',
  ],
  [
    /got an invalid reply: null|No such master with that name/,
    'REDIS_URL must end in a name that its Sentinels know: they watch no primary of this name',
  ],
  [
    /certificate required|alert unknown ca|alert bad certificate|handshake failure/,
    'REDIS_CERT_FILE and REDIS_KEY_FILE must hold a certificate that Redis accepts, and its key',
  ],
  [/syntax error|unknown command/i, 'REDIS_URL must lead to Redis 6.2 or later, or to Valkey'],
];

/**
 * What a failure to use Redis says to be wrong with the settings: trying again does not help. Undefined where Redis is lost
 * for another reason. The text never holds a secret.
 */
export function settingsFault(error: unknown): string | undefined {
  for (const { code, message } of chainOf(error)) {
    if (CERTIFICATE_CODES.test(code)) {
      return `REDIS_CA_FILE must hold the authority that signed the certificate of Redis, and the certificate must be valid for the address of Redis: ${code}`;
    }
    const found = FAULTS.find(([pattern]) => pattern.test(message));
    if (found) return found[1];
  }
  return undefined;
}

const failure = z.looseObject({
  message: z.string(),
  code: z.string().default(''),
  /** Of an error about all nodes of a cluster. */
  lastNodeError: z.unknown().optional(),
});

/** An error and the one that caused it, as ioredis has them. */
function chainOf(error: unknown): { readonly code: string; readonly message: string }[] {
  const { data } = failure.safeParse(error);
  return data === undefined ? [] : [data, ...chainOf(data.lastNodeError)];
}
