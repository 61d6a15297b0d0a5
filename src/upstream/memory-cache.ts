import type { AnswerCache } from '../cache/answer-cache.js';
import { questionKey } from '../cache/cache-key.js';
import type { CacheHit } from '../cache/cached-item.js';
import { type Answer, answerTo, type Call } from '../qcc/call.js';
import type { CallContext, Middleware, Pins } from './handler.js';

/** The tier in which an answer was found. */
export type Tier = 'memory' | 'store';

/** Serves answers from memory; these need neither a flight nor the store. @param onHit called for each of them */
export function memoryCache(cache: AnswerCache, onHit: (tier: Tier) => void): Middleware {
  return (next) => async (call, context) => {
    const hit = cache.recall(call, context) ?? pinned(call, context.pins);
    if (hit === undefined) {
      context.dependencies?.recordOtherSource();
      return next(call, context);
    }
    context.dependencies?.recordHit();
    onHit('memory');
    return serve(call, hit, context);
  };
}

function pinned<T>(call: Call<T>, pins: Pins | undefined): CacheHit<T> | undefined {
  const hit = pins?.size ? pins.get(questionKey(call)) : undefined;
  return hit?.kind === 'answer' ? { ...hit, answer: answerTo(call, hit.answer) } : hit;
}

/** Serves a cache hit and counts it. @throws QccError where the hit is a remembered refusal */
export function serve<T>(
  { method }: Call<T>,
  hit: CacheHit<T>,
  { meter }: Pick<CallContext, 'meter'>,
): Answer<T> {
  meter.avoid('cached', method.name, hit.kind === 'answer' && hit.stale);
  if (hit.kind === 'refusal') throw hit.error;
  return hit.answer;
}
