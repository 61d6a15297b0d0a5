import { z } from 'zod';
import { isScope, SCOPES } from '../graphql/caller.js';
import type { ApiKey } from '../http/auth/callers.js';
import type { RateLimit } from '../http/auth/rate-limiter.js';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A duration such as `250ms`, `30s`, `15m`, `24h` or `7d`, or `0`, in milliseconds. */
export const duration = z.string().transform((text, context) => {
  if (text === '0') return 0;
  const [, amount, unit] = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text) ?? [];
  if (unit !== undefined) return Number(amount) * (UNITS[unit] ?? 1);
  context.addIssue({ code: 'custom', message: 'must be a duration such as 250ms, 30s, 15m, 24h or 7d' });
  return z.NEVER;
});

const BYTES: Readonly<Record<string, number>> = { KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 };

/** An amount of memory such as `512KB`, `64MB` or `1GB`, in bytes. */
export const memory = z.string().transform((text, context) => {
  if (text === '0') return 0;
  const [, amount, unit] = /^(\d{1,6})(KB|MB|GB)$/.exec(text) ?? [];
  if (unit !== undefined) return Number(amount) * (BYTES[unit] ?? 1);
  context.addIssue({
    code: 'custom',
    message: 'must be an amount of memory such as 512KB, 64MB or 1GB, or 0 for none',
  });
  return z.NEVER;
});

/** Name, digest, scopes; these hold colons themselves. */
const API_KEY = /^([^\p{C}:,]{1,100}):([\da-f]{64})(?::(.*))?$/iu;

/** `name:sha256-of-key:scope+scope`, any number, parted by commas. Nothing of them is repeated in a fault. */
export const apiKeys = z.string().transform((text, context) => {
  const keys: ApiKey[] = [];
  for (const [index, entry] of text.split(',').entries()) {
    const [, name, digest, scopes = ''] = API_KEY.exec(entry.trim()) ?? [];
    const named = scopes.split('+').filter((scope) => scope !== '');
    const known = named.filter(isScope);
    if (name === undefined || digest === undefined || known.length < named.length) {
      const message = `must hold name:sha256-of-key:scope+scope, where scopes are of ${SCOPES.join(', ')}; entry ${index + 1} does not`;
      context.addIssue({ code: 'custom', message });
      continue;
    }
    keys.push({ name, digest: Buffer.from(digest, 'hex'), scopes: new Set(known) });
  }
  if (new Set(keys.map(({ digest }) => digest.toString('hex'))).size < keys.length) {
    context.addIssue({
      code: 'custom',
      message: 'must give every key to one name alone; one is there twice',
    });
  }
  return keys;
});

/** So many operations in a span of time, such as `600/1m`. */
export const rateLimit = z.string().transform((text, context): RateLimit => {
  const [amount = '', span = ''] = text.split('/');
  const milliseconds = duration.safeParse(span);
  if (/^[1-9]\d{0,8}$/.test(amount) && milliseconds.data !== undefined && milliseconds.data >= 1000) {
    return { operations: Number(amount), span: milliseconds.data };
  }
  context.addIssue({
    code: 'custom',
    message: 'must be operations in a span of 1s at least, such as 600/1m',
  });
  return z.NEVER;
});

export const integer = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `must be a whole number from ${least} to ${most}`)
    .transform(Number)
    .refine((value) => value >= least && value <= most, `must be a whole number from ${least} to ${most}`);

export const url = z.string().refine((text) => {
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  return /^https?:$/.test(parsed?.protocol ?? '') && !parsed?.search && !parsed?.hash && !parsed?.username;
}, 'must be an http or https URL without query, fragment or credentials');

export const redisUrl = z
  .string()
  .refine(
    (text) => URL.canParse(text) && /^rediss?:$/.test(new URL(text).protocol),
    'must be a URL such as redis://127.0.0.1:6379 or rediss://user:password@host:6380/0',
  );

export const origins = z
  .string()
  .transform((text) => text.split(',').map((origin) => origin.trim()))
  .refine(
    (list) => list.every((origin) => URL.canParse(origin) && new URL(origin).origin === origin),
    'must be a comma-separated list of origins such as https://app.example.com',
  );

/** Yuan, as `1.2` or `0.305`. */
export const price = z
  .string()
  .regex(/^\d{1,9}(\.\d{1,9})?$/, 'must be an exact decimal of yuan such as 1.2');
