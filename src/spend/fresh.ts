import type { Answer, Answers, MethodName } from '../qcc/methods.js';
import type { Ask, Asker, Held, Wrapper } from './ask.js';
import type { Shelf } from './shelf.js';

/** Answers from memory: what is there and still good needs no flight. */
export function fresh(shelf: Shelf): Wrapper {
  return (next): Ask =>
    async (call, by) => {
      const held = shelf.recall<typeof call.method>(call);
      return held ? serve(held, by, call.method) : next(call, by);
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
