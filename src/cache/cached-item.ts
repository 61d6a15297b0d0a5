import { type Answer, answerTo, type Call, type ListFacts } from '../qcc/call.js';
import type { CasePage } from '../qcc/cases.js';
import type { QccError } from '../qcc/error.js';
import type { StoredFailure } from './entry.js';
import { fromStoredFailure } from './failure.js';

/** What serves a call at no cost. `stale`: past its TTL, served because upstream has just failed. */
export type CacheHit<T> =
  | { readonly kind: 'answer'; readonly answer: Answer<T>; readonly stale: boolean }
  | { readonly kind: 'refusal'; readonly error: QccError };

/** What the newest answer says about a whole list. */
export interface ListSummary extends ListFacts {
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  /** Whether the total stands, whatever the pages say: they contradict each other. */
  readonly isSettled: boolean;
}

/** A page of a list that an operation has loaded. */
export interface LoadedPage {
  /** The page that was asked for, counted from 1. */
  readonly page: number;
  readonly answer: Answer<CasePage>;
}

/** An answer with the time at which its TTL ends, in milliseconds since 1970. */
interface CachedAnswer<T> {
  readonly kind: 'answer';
  readonly answer: Answer<T>;
  readonly freshUntil: number;
}

/** What the cache holds under the key of a call. */
export type CachedItem<T> = CachedAnswer<T> | StoredFailure;

/** What the cache has for a call. */
export interface Lookup<T> {
  /** What serves. */
  readonly hit?: CacheHit<T>;
  /** An answer past its TTL, which serves if upstream fails. */
  readonly stale?: Answer<T>;
}

/** When an item stops serving, in milliseconds since 1970. */
export function expiryOf(item: CachedItem<unknown>): number {
  return item.kind === 'answer' ? item.freshUntil : item.until;
}

/**
 * Chooses among what was found under the keys of one call: the newest answer within its TTL, else a remembered refusal,
 * else the newest answer within `staleTtl` milliseconds past its TTL.
 */
export function choose<T>(
  call: Call<T>,
  items: readonly (CachedItem<unknown> | undefined)[],
  staleTtl: number,
  now: number,
): Lookup<T> {
  let newest: CachedAnswer<unknown> | undefined;
  let refusal: StoredFailure | undefined;
  for (const item of items) {
    if (item?.kind === 'failure' && item.until > now) refusal = item;
    if (item?.kind !== 'answer') continue;
    if (newest === undefined || item.answer.receivedAt > newest.answer.receivedAt) newest = item;
  }
  if (newest && newest.freshUntil > now) {
    return { hit: { kind: 'answer', answer: answerTo(call, newest.answer), stale: false } };
  }
  if (refusal) return { hit: { kind: 'refusal', error: fromStoredFailure(refusal, now) } };
  return newest && newest.freshUntil + staleTtl > now ? { stale: answerTo(call, newest.answer) } : {};
}
