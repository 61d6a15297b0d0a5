import * as z from 'zod';
import { certificatesFile, privateKeyFile } from './pem-files.js';
import { redisUrl } from './redis-url.js';
import {
  apiKeys,
  bytes,
  claim,
  duration,
  integer,
  origins,
  port,
  positiveDuration,
  positiveTimerDuration,
  postgresUrl,
  rateLimit,
  secret,
  timerDuration,
  url,
} from './values.js';

const DAY = 86_400_000;
const MB = 1024 ** 2;
const GB = 1024 ** 3;
const MAX_BUDGET = 999_999_999;
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const onOrOff = z.enum(['on', 'off'], 'must be on or off').transform((text) => text === 'on');

/** Every variable but the prices: how its text is read, and its default. */
export const variables = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: port.default(4000),
  ADMIN_PORT: port.optional(),
  NODE_ENV: z.string().optional(),
  QCC_KEY: secret.optional(),
  QCC_SECRET_KEY: secret.optional(),
  SANDBOX: z.literal('1', 'must be 1, or unset').optional(),
  QCC_BASE_URL: url.default('https://pro.qcc.com/api/yj'),
  QCC_TIMEOUT: positiveTimerDuration.default(10_000),
  QCC_MAX_CONCURRENCY: integer(1, 1000).default(10),
  CACHE_LIST_TTL: duration.default(DAY),
  CACHE_DETAIL_TTL: duration.default(7 * DAY),
  CACHE_EMPTY_TTL: duration.default(DAY),
  CACHE_STALE_TTL: duration.default(7 * DAY),
  CACHE_MEMORY: bytes.default(64 * MB),
  CACHE_RESPONSES: bytes.default(16 * MB),
  CACHE_DISK: bytes.default(2 * GB),
  DATA_DIR: z.string().default('./data'),
  REDIS_URL: redisUrl.optional(),
  REDIS_CA_FILE: certificatesFile.optional(),
  REDIS_CERT_FILE: certificatesFile.optional(),
  REDIS_KEY_FILE: privateKeyFile.optional(),
  LEDGER_URL: postgresUrl.optional(),
  LEDGER_RETENTION: positiveDuration.default(400 * DAY),
  MAX_CALLS_PER_OPERATION: integer(0, 1_000_000).default(200),
  MAX_ENTITIES: integer(1, 1_000_000).default(1000),
  MAX_RESULT_FIELDS: integer(1, 100_000_000).default(100_000),
  BUDGET_PER_DAY: integer(0, MAX_BUDGET).optional(),
  BUDGET_PER_MONTH: integer(0, MAX_BUDGET).optional(),
  BUDGET_PER_CLIENT_PER_DAY: integer(0, MAX_BUDGET).optional(),
  RATE_LIMIT_PER_CLIENT: rateLimit.optional(),
  AUTH: z.literal('none', 'must be none, or unset').optional(),
  AUTH_API_KEYS: apiKeys.default([]),
  AUTH_JWKS_URL: url.optional(),
  AUTH_ISSUER: z.string().optional(),
  AUTH_AUDIENCE: z.string().optional(),
  AUTH_SCOPES_CLAIM: claim.default('scope'),
  AUTH_CLIENT_CLAIM: claim.default('sub'),
  CORS_ORIGINS: origins.optional(),
  INTROSPECTION: onOrOff.optional(),
  COST_EXTENSION: onOrOff.default(true),
  PERSISTED_OPERATIONS: z.enum(['apq', 'off', 'only'], 'must be apq, off or only').default('apq'),
  PERSISTED_OPERATIONS_FILE: z.string().optional(),
  DRAIN_DELAY: timerDuration.default(0),
  LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('info'),
});
