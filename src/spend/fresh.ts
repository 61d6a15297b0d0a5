import type { Answer, Answers, MethodName } from '../qcc/methods.js';
import type { Ask, Asker, Held, Wrapper } from './ask.js';
import type { Shelf } from './shelf.js';

/** Where an answer was found. */
export type Layer = 'memory' | 'store';

/** Answers from memory: what is there and still good needs no flight. @param hit is told of each that was there */
export function fresh(shelf: Shelf, hit: (layer: Layer) => void): Wrapper {
  return (next): Ask =>
    async (call, by) => {
      const held = shelf.recall<typeof call.method>(call, by.consulted);
      if (held === undefined) {
        by.consulted?.elsewhere();
        return next(call, by);
      }
      by.consulted?.answered();
      hit('memory');
      return serve(held, by, call.method);
    };
}

/** Gives what is held, as one answer that cost nothing. @throws QccError where what is held is a refusal */
export function serve<M extends MethodName>(
  held: Held<M>,
  by: Pick<Asker, 'meter'>,
  method: MethodName,
): Answer<Answers[M]> {
  by.meter.spare('cached', method, held.kind === 'answer' && held.stale);
  if (held.kind === 'refusal') throw held.error;
  return held.answer;
}
