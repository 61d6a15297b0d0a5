/** Cases that one operation processes in one turn of the event loop: a few milliseconds of work. */
const MAX_CASES_PER_TURN = 50;

/**
 * Called before an operation processes some cases. Returns undefined if the current turn of the event loop has room for
 * them, else a promise to await first. (Awaiting a promise that is already settled would cost more than the work itself.)
 *
 * @example
 * const pause = yieldToEventLoop(rows.length);
 * if (pause) await pause;
 */
export type YieldToEventLoop = (cases?: number) => Promise<void> | undefined;

interface Waiting {
  readonly cases: number;
  readonly resume: () => void;
}

/**
 * Makes the `yieldToEventLoop` of one operation. It spreads an operation with thousands of cases over several turns of the
 * event loop, so that other requests are served in between.
 */
export function createYieldToEventLoop(): YieldToEventLoop {
  let room = MAX_CASES_PER_TURN;
  let scheduled = false;
  const waiting: Waiting[] = [];

  const schedule = () => {
    if (scheduled) return;
    scheduled = true;
    setImmediate(startTurn);
  };
  const startTurn = () => {
    scheduled = false;
    room = MAX_CASES_PER_TURN;
    let count = 0;
    for (const { cases } of waiting) {
      if (room <= 0) break;
      room -= cases;
      count += 1;
    }
    if (count > 0) schedule();
    for (const { resume } of waiting.splice(0, count)) resume();
  };

  return (cases = 1) => {
    if (waiting.length === 0 && room > 0) {
      room -= cases;
      schedule();
      return undefined;
    }
    return new Promise((resume) => waiting.push({ cases, resume }));
  };
}
