import type { z } from 'zod';
import { prices } from './prices.js';
import { rules } from './rules.js';
import { variables } from './variables.js';

/** An intersection checks all of its sides, so one error lists the faults of values and of combinations. */
const environment = variables.and(prices).and(rules);

const config = environment.transform((given) => {
  const production = given.NODE_ENV === 'production';
  const { QCC_KEY: key, QCC_SECRET_KEY: secretKey } = given;
  const { AUTH_JWKS_URL: jwksUrl, AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience } = given;
  const claims = { scopesClaim: given.AUTH_SCOPES_CLAIM, clientClaim: given.AUTH_CLIENT_CLAIM };
  return {
    host: given.HOST,
    /** 0 picks a free port. */
    port: given.PORT,
    /** The port of `/metrics`; undefined: the same as `port`. */
    adminPort: given.ADMIN_PORT,
    production,
    /** Undefined: the gateway starts the embedded sandbox. */
    credentials: key !== undefined && secretKey !== undefined ? { key, secretKey } : undefined,
    /** In one spelling: it names the account's data in the store. */
    baseUrl: new URL(given.QCC_BASE_URL).href.replace(/\/+$/, ''),
    /** Milliseconds for one upstream attempt. */
    timeout: given.QCC_TIMEOUT,
    /** Upstream calls in flight at once. */
    maxConcurrency: given.QCC_MAX_CONCURRENCY,
    /** Yuan for one billed call, by method; undefined: no prices are configured. */
    prices: given.prices,
    /** Milliseconds for which answers serve. */
    lifetimes: {
      list: given.CACHE_LIST_TTL,
      detail: given.CACHE_DETAIL_TTL,
      empty: given.CACHE_EMPTY_TTL,
      stale: given.CACHE_STALE_TTL,
    },
    /** Bytes of decoded answers in memory. */
    cacheMemory: given.CACHE_MEMORY,
    /** Bytes of whole responses in memory; 0: no response cache. */
    cacheResponses: given.CACHE_RESPONSES,
    /** Bytes of answers in the embedded store. */
    cacheDisk: given.CACHE_DISK,
    /** The folder of the embedded store, or of the spool beside Redis. */
    dataDir: given.DATA_DIR,
    /** Undefined: the embedded store. */
    redis: given.REDIS_URL && {
      target: given.REDIS_URL,
      tls: { ca: given.REDIS_CA_FILE, cert: given.REDIS_CERT_FILE, key: given.REDIS_KEY_FILE },
    },
    /** Where the ledger and the usage are kept; undefined: where the rest is. */
    ledgerUrl: given.LEDGER_URL,
    /** Milliseconds for which ledger rows are kept. */
    ledgerRetention: given.LEDGER_RETENTION,
    /** Answers that one operation may buy at worst. */
    maxCallsPerOperation: given.MAX_CALLS_PER_OPERATION,
    /** Representations in one `_entities` request. */
    maxEntities: given.MAX_ENTITIES,
    /** Field values that one result may have. */
    maxResultFields: given.MAX_RESULT_FIELDS,
    /** Billed calls a month and a day in Asia/Shanghai; undefined: no limit. */
    budget: {
      perMonth: given.BUDGET_PER_MONTH,
      perDay: given.BUDGET_PER_DAY,
      perClientPerDay: given.BUDGET_PER_CLIENT_PER_DAY,
    },
    /** Undefined: no limit. */
    rateLimit: given.RATE_LIMIT_PER_CLIENT,
    /** Without keys and tokens the gateway serves anyone. */
    auth: {
      keys: given.AUTH_API_KEYS,
      tokens: jwksUrl && issuer && audience ? { jwksUrl, issuer, audience, ...claims } : undefined,
    },
    /** Undefined: loopback origins and Apollo Sandbox. */
    corsOrigins: given.CORS_ORIGINS ?? (production ? [] : undefined),
    introspection: given.INTROSPECTION ?? !production,
    /** Whether responses carry `extensions.cost`. */
    costExtension: given.COST_EXTENSION,
    /** `safelist` is the path of a manifest; only its operations run. */
    persisted:
      given.PERSISTED_OPERATIONS === 'only'
        ? { safelist: given.PERSISTED_OPERATIONS_FILE ?? '' }
        : given.PERSISTED_OPERATIONS,
    /** Milliseconds for which the gateway still takes requests after SIGTERM. */
    drainDelay: given.DRAIN_DELAY,
    logLevel: given.LOG_LEVEL,
  };
});

/** The whole configuration of a gateway, read once from environment variables. */
export type Config = Readonly<z.infer<typeof config>>;

/** A configuration that cannot be used. Each fault names its variable and says what would be right. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly faults: readonly string[]) {
    super(faults.join('\n'));
  }
}

/**
 * Reads the configuration. A blank variable counts as unset.
 *
 * @param env environment variables by name
 * @throws ConfigError with every fault
 */
export function parseConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
  const parsed = config.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new ConfigError(parsed.error.issues.map(({ path, message }) => [...path, message].join(' ')));
}
