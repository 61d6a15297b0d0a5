import { type Answer, answerTo, type Call, type Evidence, type ListFacts } from '../qcc/call.js';
import type { CasePage } from '../qcc/cases.js';
import type { QccError } from '../qcc/error.js';
import type { StoredFailure } from './entry.js';
import { fromStoredFailure } from './failure.js';

/** What serves a call at no cost. `stale`: past its TTL or the age asked for, served because upstream has just failed. */
export type CacheHit<T> =
  | { readonly kind: 'answer'; readonly answer: Answer<T>; readonly stale: boolean }
  | { readonly kind: 'refusal'; readonly error: QccError };

/** What the newest answer says about a whole list. */
export interface ListSummary extends ListFacts {
  /** From when on it serves for the TTL of lists, in milliseconds since 1970. */
  readonly receivedAt: number;
  /** The answer that gave the total. */
  readonly toldBy: Evidence;
  /** Whether the total is final, because the pages contradict each other. */
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
  /** An answer past its TTL or the age asked for, which serves if upstream fails. */
  readonly stale?: Answer<T>;
}

/** When an item stops serving, in milliseconds since 1970. */
export function expiryOf(item: CachedItem<unknown>): number {
  return item.kind === 'answer' ? item.freshUntil : item.until;
}

/** Times in milliseconds since 1970, and a span in milliseconds. */
interface Ages {
  readonly now: number;
  /** Answers received before this time serve only if upstream fails. */
  readonly oldest: number;
  /** How long past its TTL an answer serves if upstream fails. */
  readonly staleTtl: number;
}

/**
 * Chooses among what was found under the keys of one call: the newest answer if it is within its TTL and young enough, else a
 * remembered refusal, else the newest answer for the case that upstream fails.
 */
export function choose<T>(
  call: Call<T>,
  items: readonly (CachedItem<unknown> | undefined)[],
  { now, oldest, staleTtl }: Ages,
): Lookup<T> {
  let newest: CachedAnswer<unknown> | undefined;
  let refusal: StoredFailure | undefined;
  for (const item of items) {
    if (item?.kind === 'failure' && item.until > now) refusal = item;
    if (item?.kind !== 'answer') continue;
    if (newest === undefined || item.answer.receivedAt > newest.answer.receivedAt) newest = item;
  }
  const answer = newest && answerTo(call, newest.answer);
  const freshFor = (newest?.freshUntil ?? 0) - now;
  if (answer && freshFor > 0 && answer.receivedAt >= oldest) {
    return { hit: { kind: 'answer', answer, stale: false } };
  }
  if (refusal) return { hit: { kind: 'refusal', error: fromStoredFailure(refusal, now) } };
  if (answer === undefined || freshFor + staleTtl <= 0) return {};
  return { stale: freshFor > 0 ? answer : { ...answer, pastTtl: true } };
}
