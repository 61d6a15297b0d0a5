import type { AnswerCache } from '../cache/answer-cache.js';
import type { Answer, Answers, MethodName } from '../qcc/methods.js';
import type { CallContext, Handler, Held, Middleware } from './handler.js';

/** Where an answer was found. */
export type Layer = 'memory' | 'store';

/** Answers from memory: what is there and still good needs no flight. @param hit is told of each that was there */
export function fresh(shelf: AnswerCache, hit: (layer: Layer) => void): Middleware {
  return (next): Handler =>
    async (call, by) => {
      const held = shelf.recall<typeof call.method>(call, by.dependencies);
      if (held === undefined) {
        by.dependencies?.elsewhere();
        return next(call, by);
      }
      by.dependencies?.answered();
      hit('memory');
      return serve(held, by, call.method);
    };
}

/** Gives what is held, as one answer that cost nothing. @throws QccError where what is held is a refusal */
export function serve<M extends MethodName>(
  held: Held<M>,
  by: Pick<CallContext, 'meter'>,
  method: MethodName,
): Answer<Answers[M]> {
  by.meter.spare('cached', method, held.kind === 'answer' && held.stale);
  if (held.kind === 'refusal') throw held.error;
  return held.answer;
}
