import { questionKey } from '../cache/cache-key.js';
import { answerTo, type Call, isStale } from '../qcc/call.js';
import { Cancelled, QccError } from '../qcc/error.js';
import { Cancellation } from '../qcc/wire/cancellation.js';
import { AllowanceExceeded, BudgetExceeded } from './errors.js';
import { Flight } from './flights/flight.js';
import type { ServeStale } from './flights/stale.js';
import type { CallContext, Handler, Middleware } from './handler.js';
import { Meter } from './meter.js';

const ANY_AGE = Number.NEGATIVE_INFINITY;
const NEWEST = Number.POSITIVE_INFINITY;

/**
 * Makes one call for all identical questions at once; its failure is shared too. The call counts for the request that
 * started it. When the last waiter disconnects, the call is cancelled, unless a byte has left.
 *
 * An attempt that timed out may still be answered, and asking again might pay twice. So later requests join it, each for
 * `patience` milliseconds; then they get a stale answer, if there is one.
 *
 * A call that asks for a young answer joins whatever flight it finds. If that brings an older one from the store, the call is
 * made again, once.
 *
 * @param serveStale serves an answer past its TTL; resolves with undefined where there is none
 */
export function singleFlight(patience: number, serveStale: ServeStale): Middleware {
  return (next): Handler => {
    const flights = new Map<string, Flight>();

    const register = (question: string, flight: Flight): Flight => {
      flights.set(question, flight);
      const unregister = () => {
        if (flights.get(question) === flight) flights.delete(question);
      };
      flight.answer.then(unregister, (error: unknown) => {
        unregister();
        if (!(error instanceof QccError) || !error.late) return;
        const late = new Flight(error.late, new Meter(), () => undefined, NEWEST, {
          timeout: patience,
          error,
        });
        register(question, late);
      });
      return flight;
    };

    const start = <T>(question: string, call: Call<T>, context: CallContext): Flight => {
      const [cancellation, meter] = [new Cancellation(), new Meter()];
      const answer = next(call, { ...context, meter, cancellation });
      const oldest = context.oldest ?? ANY_AGE;
      return register(question, new Flight(answer, meter, () => cancellation.cancel(), oldest));
    };

    return async (call, context) => {
      const question = questionKey(call);
      const { oldest = ANY_AGE } = context;
      for (let isAnew = false; ; ) {
        const found = flights.get(question);
        const joined = found && isAnew && found.oldest < oldest ? undefined : found;
        const flight = joined ?? start(question, call, context);
        const count = (stale: boolean) => {
          if (joined) countJoined(joined, call.method.name, context, stale);
          else context.meter.add(flight.meter);
        };
        try {
          const answer = await flight.wait(context.cancellation);
          if (joined && !isAnew && answer.receivedAt < oldest) {
            isAnew = true;
            continue;
          }
          count(isStale(answer, oldest));
          return answerTo(call, answer);
        } catch (error) {
          // A failure that concerns another caller only: this caller asks again under its own name.
          if (concernsAnother(error, context) && !context.cancellation?.cancelled) continue;
          const stale = joined?.isLate ? await serveStale(call, context) : undefined;
          if (stale) return stale;
          count(false);
          throw error;
        }
      }
    };
  };
}

/** An answer that another request's flight found in the store was cached for everyone; else it was shared. */
function countJoined({ meter }: Flight, method: string, context: CallContext, stale: boolean): void {
  context.meter.avoid(meter.cached > 0 ? 'cached' : 'shared', method, stale);
}

/** Whether a flight failed because its waiters disconnected, or for a limit of the request or client that started it. */
function concernsAnother(error: unknown, context: CallContext): boolean {
  if (error instanceof BudgetExceeded) return error.client !== null && error.client !== context.client;
  if (error instanceof AllowanceExceeded) return error.owner !== context.allowance;
  return error instanceof Cancelled;
}
