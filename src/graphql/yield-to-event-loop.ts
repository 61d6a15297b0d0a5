import { setImmediate as nextTurn } from 'node:timers/promises';

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

/**
 * Makes the `yieldToEventLoop` of one operation. It spreads an operation with thousands of cases over several turns of the
 * event loop, so that other requests are served in between.
 */
export function createYieldToEventLoop(): YieldToEventLoop {
  let room = MAX_CASES_PER_TURN;
  /** The turn that the latest calls wait for. Undefined: they need not wait. */
  let latest: Promise<void> | undefined;

  const addTurn = () => {
    const turn = (latest ?? Promise.resolve()).then(() => nextTurn());
    latest = turn;
    room = MAX_CASES_PER_TURN;
    void turn
      .then(() => nextTurn())
      .then(() => {
        if (latest !== turn) return;
        latest = undefined;
        room = MAX_CASES_PER_TURN;
      });
  };
  return (cases = 1) => {
    if (room <= 0) addTurn();
    room -= cases;
    return latest;
  };
}
