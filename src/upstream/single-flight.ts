import { cacheKeyOf } from '../cache/cache-key.js';
import { Cancelled, QccError } from '../qcc/error.js';
import type { Answer, Answers, CallOf, MethodName } from '../qcc/methods.js';
import { Cancellation } from '../qcc/wire/cancellation.js';
import { BudgetExceeded } from './errors.js';
import type { CallContext, Handler, Middleware } from './handler.js';
import { Meter } from './meter.js';

type AnyAnswer = Answer<Answers[MethodName]>;

/** When, in milliseconds, and with what error one who waits gives up. */
interface Patience {
  readonly span: number;
  readonly error: QccError;
}

/** A question under way, and how many wait for its answer. */
class Flight {
  #waiting = 0;
  #landed = false;

  /**
   * @param meter counts what it costs
   * @param takeBack is called when nobody waits any more
   */
  constructor(
    readonly arrival: Promise<AnyAnswer>,
    readonly meter: Meter,
    private readonly takeBack: () => void,
    private readonly patience?: Patience,
  ) {
    // Whoever waits hears of a failure; that nobody waits any more is no failure of the process.
    const land = () => {
      this.#landed = true;
    };
    arrival.then(land, land);
  }

  /** Waits until it arrives, the asker leaves or patience ends. */
  wait(cancellation: Cancellation | undefined): Promise<AnyAnswer> {
    this.#waiting += 1;
    return new Promise<AnyAnswer>((resolve, reject) => {
      let waits = true;
      let timer: NodeJS.Timeout | undefined;
      let stay: (() => void) | undefined;
      const ends = () => {
        if (!waits) return false;
        waits = false;
        if (timer) clearTimeout(timer);
        stay?.();
        this.#waiting -= 1;
        if (this.#waiting === 0 && !this.#landed) this.takeBack();
        return true;
      };
      const giveUp = (error: Error) => {
        if (ends()) reject(error);
      };
      const { patience } = this;
      if (patience) timer = setTimeout(() => giveUp(patience.error), patience.span);
      stay = cancellation?.onCancel(() => giveUp(new Cancelled()));
      this.arrival.then(
        (answer) => {
          if (ends()) resolve(answer);
        },
        (error: Error) => giveUp(error),
      );
    });
  }
}

/**
 * Makes one call of all the same questions asked at once, whoever asks them; its failure is theirs too. It counts on
 * the meter of the request that began it, and is taken back, if no byte has left, when the last who waits leaves.
 *
 * An attempt that timed out but may still be answered stays the flight that later askers join, each for `patience`
 * milliseconds: asking QCC again might pay twice.
 */
export function singleFlight(patience: number): Middleware {
  return (next): Handler => {
    const flights = new Map<string, Flight>();

    const launch = (question: string, flight: Flight): Flight => {
      flights.set(question, flight);
      const land = () => {
        if (flights.get(question) === flight) flights.delete(question);
      };
      flight.arrival.then(land, (error: unknown) => {
        land();
        if (error instanceof QccError && error.late) {
          launch(question, new Flight(error.late, new Meter(), () => undefined, { span: patience, error }));
        }
      });
      return flight;
    };

    const begin = <M extends MethodName>(question: string, call: CallOf<M>, by: CallContext): Flight => {
      const [cancellation, meter] = [new Cancellation(), new Meter()];
      const arrival = next<M>(call, { ...by, meter, cancellation });
      return launch(question, new Flight(arrival, meter, () => cancellation.cancel()));
    };

    return async <M extends MethodName>(call: CallOf<M>, by: CallContext) => {
      const question = cacheKeyOf<M>(call);
      for (;;) {
        const known = flights.get(question);
        const flight = known ?? begin<M>(question, call, by);
        const settle = known ? () => join(flight, by, call.method) : () => by.meter.add(flight.meter);
        try {
          const answer = (await flight.wait(by.cancellation)) as Answer<Answers[M]>;
          settle();
          return answer;
        } catch (error) {
          // Taken back by those who left just as this one came, or refused for another's budget: ask under one's own name.
          if (isAnothers(error, by) && !by.cancellation?.cancelled) continue;
          settle();
          throw error;
        }
      }
    };
  };
}

/** What another's flight brought was shared, unless that one found it in the store: then it was there for all. */
function join({ meter }: Flight, by: CallContext, method: MethodName): void {
  by.meter.spare(meter.cached > 0 ? 'cached' : 'shared', method, meter.stale > 0);
}

function isAnothers(error: unknown, by: CallContext): boolean {
  if (error instanceof BudgetExceeded) return error.client !== null && error.client !== by.caller;
  return error instanceof Cancelled;
}
