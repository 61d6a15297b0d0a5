import * as z from 'zod';
import { isScope, SCOPES } from '../graphql/caller.js';
import type { ApiKey } from '../http/auth/authenticator.js';
import type { RateLimit } from '../http/auth/rate-limiter.js';

const MILLISECONDS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const BYTES = { KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 };
/** Node fires a timer at once if it is set for 2^31 milliseconds (24.8 days) or more. */
const MAX_TIMER_DAYS = 24;
/** A century. Dates end some 270,000 years after 1970, and sums of larger numbers are not exact. */
const MAX_DAYS = 36_500;
const MORE_THAN_0 = 'must be more than 0';
/** The shortest window of a rate limit, in milliseconds. */
const MIN_RATE_SPAN = 1000;
/** Name, digest, scopes. Names of scopes contain colons themselves. */
const API_KEY = /^([^\p{C}:,]{1,100}):([\da-f]{64})(?::(.*))?$/iu;

/** A duration such as `250ms`, `30s`, `15m`, `24h`, `7d` or `0`, in milliseconds. */
export const duration = durationUpTo(MAX_DAYS);

/** A duration above zero, in milliseconds. */
export const positiveDuration = duration.refine(isPositive, MORE_THAN_0);

/** A duration that a timer holds, in milliseconds. */
export const timerDuration = durationUpTo(MAX_TIMER_DAYS);

/** A duration above zero that a timer holds, in milliseconds. */
export const positiveTimerDuration = timerDuration.refine(isPositive, MORE_THAN_0);

function durationUpTo(days: number) {
  return quantity(MILLISECONDS, 'must be a duration such as 250ms, 30s, 15m, 24h or 7d').refine(
    (span) => span <= days * MILLISECONDS.d,
    `must be at most ${days}d`,
  );
}

function isPositive(span: number): boolean {
  return span > 0;
}

/** A size such as `512KB`, `64MB`, `1GB` or `0`, in bytes. */
export const bytes = quantity(BYTES, 'must be a size such as 512KB, 64MB or 1GB, or 0 for none');

/** A number with a unit, or `0`, in the unit whose factor is 1. */
function quantity(units: Readonly<Record<string, number>>, message: string) {
  return z.string().transform((text, context) => {
    if (text === '0') return 0;
    const [, amount, unit = ''] = /^(\d{1,9})([A-Za-z]+)$/.exec(text) ?? [];
    const factor = Object.hasOwn(units, unit) ? units[unit] : undefined;
    if (factor !== undefined) return Number(amount) * factor;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
}

/** What a file or a shell may have put around a secret, or a copy into it. */
export const WRAPPED = /^["'`]|["'`]$|\s/;

/** The key or the secret of an account. Fault messages never contain the value. */
export const secret = z
  .string()
  .refine(
    (text) => /^[!-~]+$/.test(text) && !WRAPPED.test(text),
    'must be visible ASCII characters without blanks, line breaks or quotes around them: remove what a file or a shell has added',
  );

/** A comma-separated list of `name:sha256-of-key:scope+scope`. Fault messages never contain the value, which is secret. */
export const apiKeys = z
  .string()
  .transform((text, context) =>
    text.split(',').flatMap((entry, index): ApiKey[] => {
      const key = readApiKey(entry.trim());
      if (key !== undefined) return [key];
      const message = `must hold name:sha256-of-key:scope+scope, with scopes from ${SCOPES.join(', ')}. Entry ${index + 1} does not`;
      context.addIssue({ code: 'custom', message });
      return [];
    }),
  )
  .refine(
    (keys) => new Set(keys.map(({ digest }) => digest.toString('hex'))).size === keys.length,
    'must list each key once. One key is listed twice',
  );

function readApiKey(entry: string): ApiKey | undefined {
  const [, name, digest, scopes = ''] = API_KEY.exec(entry) ?? [];
  const named = scopes.split('+').filter((scope) => scope !== '');
  const known = named.filter(isScope);
  if (name === undefined || digest === undefined || known.length < named.length) return undefined;
  return { name, digest: Buffer.from(digest, 'hex'), scopes: new Set(known) };
}

/** The name of a claim. An error about it is quoted in a header, so it has no quotes and no blanks. */
export const claim = z
  .string()
  .regex(/^[!#-[\]-~]{1,200}$/, 'must be the name of a claim of the token, such as scope, scp, roles or sub');

/** A number of operations in a span of time, such as `600/1m`. */
export const rateLimit = z.string().transform((text, context): RateLimit => {
  const [, amount, span] = /^([1-9]\d{0,8})\/(\w+)$/.exec(text) ?? [];
  const milliseconds = duration.safeParse(span).data;
  if (milliseconds !== undefined && milliseconds >= MIN_RATE_SPAN) {
    return { operations: Number(amount), span: milliseconds };
  }
  context.addIssue({
    code: 'custom',
    message: 'must be a number of operations in a span of at least 1s, such as 600/1m',
  });
  return z.NEVER;
});

/** A whole number between two bounds, both included. */
export function integer(min: number, max: number) {
  const message = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, message)
    .transform(Number)
    .refine((value) => value >= min && value <= max, message);
}

/** A port to listen on; 0 picks a free port. */
export const port = integer(0, 65_535);

/** An http or https URL to which paths can be appended. */
export const url = z.string().refine((text) => {
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  return /^https?:$/.test(parsed?.protocol ?? '') && !parsed?.search && !parsed?.hash && !parsed?.username;
}, 'must be an http or https URL without query, fragment or credentials');

/** The values of `sslmode` that node-postgres knows. It ignores others, and would then send everything in plain text. */
const SSL_MODES: ReadonlySet<string> = new Set([
  'disable',
  'prefer',
  'require',
  'verify-ca',
  'verify-full',
  'no-verify',
]);

/** A connection URI of PostgreSQL. Fault messages never contain the value, because it holds a password. */
export const postgresUrl = z
  .string()
  .refine(
    (text) => !WRAPPED.test(text) && isPostgresUrl(text),
    'must be a URL such as postgres://user:password@host:5432/database, without blanks, line breaks or quotes. Write special characters of the password percent-encoded',
  )
  .refine(
    (text) => !URL.canParse(text) || SSL_MODES.has(new URL(text).searchParams.get('sslmode') ?? 'disable'),
    `must have an sslmode from ${[...SSL_MODES].join(', ')}, or none`,
  );

function isPostgresUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hash, password } = new URL(text);
  return /^postgres(ql)?:$/.test(protocol) && hash === '' && !/%(?![\da-f]{2})/i.test(password);
}

/** A comma-separated list of origins. */
export const origins = z
  .string()
  .transform((text) => text.split(',').map((origin) => origin.trim()))
  .refine(
    (list) => list.every((origin) => URL.canParse(origin) && new URL(origin).origin === origin),
    'must be a comma-separated list of origins such as https://app.example.com',
  );

/** An exact decimal of yuan, such as `1.2` or `0.305`. */
export const price = z
  .string()
  .regex(/^\d{1,9}(\.\d{1,9})?$/, 'must be an exact decimal of yuan such as 1.2');
