import { z } from 'zod';
import type { Lifetimes } from '../cache/answer-cache.js';
import type { ApiKey } from '../http/auth/callers.js';
import type { RateLimit } from '../http/auth/rate-limiter.js';
import type { TokenSettings } from '../http/auth/tokens.js';
import type { Prices } from '../ledger/price.js';
import type { Credentials } from '../qcc/signature.js';
import type { Limits } from '../upstream/policy/budget.js';
import { apiKeys, duration, integer, memory, origins, price, rateLimit, redisUrl, url } from './values.js';

/** Where the gateway listens, what it asks, how it behaves: everything from the environment, read once. */
export interface Config {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly production: boolean;
  /** Undefined: the embedded sandbox. */
  readonly credentials: Credentials | undefined;
  readonly baseUrl: string;
  /** Milliseconds, one upstream attempt. */
  readonly timeout: number;
  readonly maxConcurrency: number;
  /** Undefined unless both are given. */
  readonly prices: Prices | undefined;
  readonly lifetimes: Lifetimes;
  readonly auth: Auth;
  /** Operations of one client in a span of so many milliseconds; undefined: no limit. */
  readonly rateLimit: RateLimit | undefined;
  /** Bytes of decoded answers in memory. */
  readonly cacheMemory: number;
  /** Bytes of finished responses in memory; 0 keeps none. */
  readonly cacheResponses: number;
  /** The folder of the embedded store, or of the spool beside Redis. */
  readonly dataDir: string;
  readonly redisUrl: string | undefined;
  /** An operation that may bill more answers is refused. */
  readonly maxCallsPerOperation: number;
  /** Representations in one request. */
  readonly maxEntities: number;
  readonly budget: Limits;
  /** Milliseconds that rows of the ledger are kept. */
  readonly ledgerRetention: number;
  /** Whether responses carry `extensions.cost`. */
  readonly costExtension: boolean;
  readonly introspection: boolean;
  /** Undefined: loopback origins and Apollo Sandbox outside production, none in it. */
  readonly corsOrigins: readonly string[] | undefined;
  /** Milliseconds. */
  readonly drainDelay: number;
  /** Where metrics are served; undefined: on `port`. */
  readonly adminPort: number | undefined;
  /** `safelist`: the operations of a manifest file alone. */
  readonly persisted: 'off' | 'apq' | { readonly safelist: string };
  readonly logLevel: string;
}

/** How callers are known; none of it: they are not asked. */
export interface Auth {
  readonly keys: readonly ApiKey[];
  readonly tokens: TokenSettings | undefined;
}

/** Every bad value of the environment, each with what would be right. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly faults: readonly string[]) {
    super(faults.join('\n'));
  }
}

const HOUR = 3_600_000;

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const schema = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: integer(0, 65_535).default(4000),
  NODE_ENV: z.string().optional(),
  QCC_KEY: z.string().optional(),
  QCC_SECRET_KEY: z.string().optional(),
  SANDBOX: z.literal('1', 'must be 1, or not set').optional(),
  QCC_BASE_URL: url.default('https://pro.qcc.com/api/yj'),
  QCC_TIMEOUT: duration.refine((span) => span > 0, 'must be more than 0').default(10_000),
  QCC_MAX_CONCURRENCY: integer(1, 1000).default(10),
  QCC_PRICE_GETLIST: price.optional(),
  QCC_PRICE_GETDETAIL: price.optional(),
  CACHE_LIST_TTL: duration.default(24 * HOUR),
  CACHE_DETAIL_TTL: duration.default(7 * 24 * HOUR),
  CACHE_EMPTY_TTL: duration.default(24 * HOUR),
  CACHE_STALE_TTL: duration.default(7 * 24 * HOUR),
  CACHE_MEMORY: memory.default(64 * 1024 ** 2),
  CACHE_RESPONSES: memory.default(16 * 1024 ** 2),
  DATA_DIR: z.string().default('./data'),
  REDIS_URL: redisUrl.optional(),
  MAX_CALLS_PER_OPERATION: integer(0, 1_000_000).default(200),
  MAX_ENTITIES: integer(1, 1_000_000).default(1000),
  BUDGET_PER_DAY: integer(0, 999_999_999).optional(),
  BUDGET_PER_CLIENT_PER_DAY: integer(0, 999_999_999).optional(),
  LEDGER_RETENTION: duration.refine((span) => span > 0, 'must be more than 0').default(400 * 24 * HOUR),
  COST_EXTENSION: z.enum(['on', 'off'], 'must be on or off').default('on'),
  AUTH_API_KEYS: apiKeys.optional(),
  AUTH_JWKS_URL: url.optional(),
  AUTH_ISSUER: z.string().optional(),
  AUTH_AUDIENCE: z.string().optional(),
  RATE_LIMIT_PER_CLIENT: rateLimit.optional(),
  AUTH: z.literal('none', 'must be none, or not set').optional(),
  CORS_ORIGINS: origins.optional(),
  INTROSPECTION: z.enum(['on', 'off'], 'must be on or off').optional(),
  DRAIN_DELAY: duration.default(0),
  ADMIN_PORT: integer(0, 65_535).optional(),
  PERSISTED_OPERATIONS: z.enum(['apq', 'off', 'only'], 'must be apq, off or only').default('apq'),
  PERSISTED_OPERATIONS_FILE: z.string().optional(),
  LOG_LEVEL: z.enum(LEVELS, `must be one of ${LEVELS.join(', ')}`).default('info'),
});

/** Reads the environment. An empty value counts as not set. @throws ConfigError with every fault at once */
export function parseConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
  const parsed = schema.safeParse(given);
  const faults = parsed.error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`) ?? [];
  faults.push(...crossFaults(given));
  if (!parsed.success || faults.length > 0) throw new ConfigError(faults);
  const values = parsed.data;
  const production = values.NODE_ENV === 'production';
  return {
    host: values.HOST,
    port: values.PORT,
    production,
    credentials:
      values.QCC_KEY !== undefined && values.QCC_SECRET_KEY !== undefined
        ? { key: values.QCC_KEY, secretKey: values.QCC_SECRET_KEY }
        : undefined,
    baseUrl: values.QCC_BASE_URL,
    timeout: values.QCC_TIMEOUT,
    maxConcurrency: values.QCC_MAX_CONCURRENCY,
    prices: pricesOf(values.QCC_PRICE_GETLIST, values.QCC_PRICE_GETDETAIL),
    lifetimes: {
      list: values.CACHE_LIST_TTL,
      detail: values.CACHE_DETAIL_TTL,
      empty: values.CACHE_EMPTY_TTL,
      stale: values.CACHE_STALE_TTL,
    },
    auth: { keys: values.AUTH_API_KEYS ?? [], tokens: tokensOf(values) },
    rateLimit: values.RATE_LIMIT_PER_CLIENT,
    cacheMemory: values.CACHE_MEMORY,
    cacheResponses: values.CACHE_RESPONSES,
    dataDir: values.DATA_DIR,
    redisUrl: values.REDIS_URL,
    maxCallsPerOperation: values.MAX_CALLS_PER_OPERATION,
    maxEntities: values.MAX_ENTITIES,
    budget: { perDay: values.BUDGET_PER_DAY, perClientPerDay: values.BUDGET_PER_CLIENT_PER_DAY },
    ledgerRetention: values.LEDGER_RETENTION,
    costExtension: values.COST_EXTENSION === 'on',
    introspection: values.INTROSPECTION === undefined ? !production : values.INTROSPECTION === 'on',
    corsOrigins: values.CORS_ORIGINS ?? (production ? [] : undefined),
    drainDelay: values.DRAIN_DELAY,
    adminPort: values.ADMIN_PORT,
    persisted:
      values.PERSISTED_OPERATIONS === 'only'
        ? { safelist: values.PERSISTED_OPERATIONS_FILE ?? '' }
        : values.PERSISTED_OPERATIONS,
    logLevel: values.LOG_LEVEL,
  };
}

/** A sum needs both prices: with one alone it would say less than what is paid. */
function pricesOf(list: string | undefined, detail: string | undefined): Prices | undefined {
  return list === undefined || detail === undefined ? undefined : { GetList: list, GetDetail: detail };
}

function tokensOf(values: {
  readonly AUTH_JWKS_URL?: string | undefined;
  readonly AUTH_ISSUER?: string | undefined;
  readonly AUTH_AUDIENCE?: string | undefined;
}): TokenSettings | undefined {
  const { AUTH_JWKS_URL: jwksUrl, AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience } = values;
  return jwksUrl && issuer && audience ? { jwksUrl, issuer, audience } : undefined;
}

/** Faults that lie in no one value but between several. */
function crossFaults(given: Readonly<Record<string, string | undefined>>): string[] {
  const faults: string[] = [];
  const { QCC_KEY, QCC_SECRET_KEY, SANDBOX, AUTH, NODE_ENV, HOST = '127.0.0.1' } = given;
  if ((QCC_KEY === undefined) !== (QCC_SECRET_KEY === undefined)) {
    faults.push(
      `${QCC_KEY === undefined ? 'QCC_KEY' : 'QCC_SECRET_KEY'} must be set too: give both QCC_KEY and QCC_SECRET_KEY, or neither for the sandbox`,
    );
  }
  if ((given.QCC_PRICE_GETLIST === undefined) !== (given.QCC_PRICE_GETDETAIL === undefined)) {
    faults.push(
      'QCC_PRICE_GETLIST and QCC_PRICE_GETDETAIL must be given together: one alone would tell half a sum',
    );
  }
  if ((given.PERSISTED_OPERATIONS === 'only') !== (given.PERSISTED_OPERATIONS_FILE !== undefined)) {
    faults.push(
      'PERSISTED_OPERATIONS=only and PERSISTED_OPERATIONS_FILE must be given together: the file lists the operations that are taken',
    );
  }
  if (
    given.ADMIN_PORT !== undefined &&
    given.ADMIN_PORT !== '0' &&
    given.ADMIN_PORT === (given.PORT ?? '4000')
  ) {
    faults.push('ADMIN_PORT must be another port than PORT, or not set');
  }
  const exposed = !isLoopback(HOST);
  const invented = QCC_KEY === undefined && QCC_SECRET_KEY === undefined;
  if (invented && SANDBOX !== '1' && (NODE_ENV === 'production' || exposed)) {
    faults.push(
      'QCC_KEY and QCC_SECRET_KEY must be set with NODE_ENV=production or a HOST that others can reach; SANDBOX=1 serves invented data there all the same',
    );
  }
  const { AUTH_API_KEYS, AUTH_JWKS_URL, AUTH_ISSUER, AUTH_AUDIENCE } = given;
  const ofTokens = { AUTH_JWKS_URL, AUTH_ISSUER, AUTH_AUDIENCE };
  const missing = Object.entries(ofTokens).flatMap(([name, value]) => (value === undefined ? [name] : []));
  if (missing.length > 0 && missing.length < Object.keys(ofTokens).length) {
    faults.push(
      `${missing.join(' and ')} must be set too: a token is verified by all three of ${Object.keys(ofTokens).join(', ')}`,
    );
  }
  const asked = AUTH_API_KEYS !== undefined || AUTH_JWKS_URL !== undefined;
  if (asked && AUTH === 'none') {
    faults.push('AUTH must not be none where AUTH_API_KEYS or AUTH_JWKS_URL says who may ask');
  }
  if (exposed && !asked && AUTH !== 'none') {
    faults.push(
      'AUTH must be none to serve anyone on a HOST that others can reach, or AUTH_API_KEYS or AUTH_JWKS_URL must say who may ask',
    );
  }
  return faults;
}

/** Whether only this machine can reach a server that listens there. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
