import { Cancelled, QccError } from '../qcc/error.js';
import { Leaving } from '../qcc/leaving.js';
import type { Answer, Answers, CallOf, MethodName } from '../qcc/methods.js';
import type { Ask, Asker, Wrapper } from './ask.js';
import { BudgetExceeded } from './error.js';
import { Meter } from './meter.js';
import { questionOf } from './question.js';

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
  wait(leaving: Leaving | undefined): Promise<AnyAnswer> {
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
      stay = leaving?.onLeave(() => giveUp(new Cancelled()));
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
export function singleFlight(patience: number): Wrapper {
  return (next): Ask => {
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

    const begin = <M extends MethodName>(question: string, call: CallOf<M>, by: Asker): Flight => {
      const [leaving, meter] = [new Leaving(), new Meter()];
      const arrival = next<M>(call, { ...by, meter, leaving });
      return launch(question, new Flight(arrival, meter, () => leaving.leave()));
    };

    return async <M extends MethodName>(call: CallOf<M>, by: Asker) => {
      const question = questionOf<M>(call);
      for (;;) {
        const known = flights.get(question);
        const flight = known ?? begin<M>(question, call, by);
        const settle = known ? () => join(flight, by, call.method) : () => by.meter.add(flight.meter);
        try {
          const answer = (await flight.wait(by.leaving)) as Answer<Answers[M]>;
          settle();
          return answer;
        } catch (error) {
          // Taken back by those who left just as this one came, or refused for another's budget: ask under one's own name.
          if (isAnothers(error, by) && !by.leaving?.left) continue;
          settle();
          throw error;
        }
      }
    };
  };
}

/** What another's flight brought was shared, unless that one found it in the store: then it was there for all. */
function join({ meter }: Flight, by: Asker, method: MethodName): void {
  by.meter.spare(meter.cached > 0 ? 'cached' : 'shared', method, meter.stale > 0);
}

function isAnothers(error: unknown, by: Asker): boolean {
  if (error instanceof BudgetExceeded) return error.client !== null && error.client !== by.caller;
  return error instanceof Cancelled;
}
