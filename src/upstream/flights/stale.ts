import type { AnswerCache } from '../../cache/answer-cache.js';
import type { Answer, Call } from '../../qcc/call.js';
import type { CallContext } from '../handler.js';
import { serve } from '../memory-cache.js';

/** Serves an answer past its TTL or the age asked for, where one is cached; resolves with undefined where none is. */
export type ServeStale = <T>(call: Call<T>, context: CallContext) => Promise<Answer<T> | undefined>;

/** Each stale answer starts a pause: for a while, the call is not made again. */
export function staleServer(cache: AnswerCache): ServeStale {
  return async (call, context) => {
    const { hit, stale } = await cache.lookUp(call, context);
    if (hit?.kind === 'answer') return serve(call, hit, context);
    if (stale === undefined) return undefined;
    await cache.pause(call);
    return serve(call, { kind: 'answer', answer: stale, stale: true }, context);
  };
}
