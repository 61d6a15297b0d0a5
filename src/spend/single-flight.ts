import { Cancelled, QccError } from '../qcc/error.js';
import type { Answer, Answers, CallOf, MethodName } from '../qcc/methods.js';
import type { Ask, Asker, Wrapper } from './ask.js';
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

  /** @param takeBack is called when nobody waits any more */
  constructor(
    readonly arrival: Promise<AnyAnswer>,
    private readonly takeBack: () => void,
    private readonly patience?: Patience,
  ) {
    // Whoever waits hears of a failure; that nobody waits any more is no failure of the process.
    arrival.catch(() => undefined);
  }

  /** Waits until it arrives, `signal` fires or patience ends. */
  wait(signal: AbortSignal | undefined): Promise<AnyAnswer> {
    return new Promise<AnyAnswer>((resolve, reject) => {
      const leave = () => end(() => reject(new Cancelled()));
      const giveUp = ({ span, error }: Patience) => setTimeout(() => end(() => reject(error)), span);
      const timer = this.patience && giveUp(this.patience);
      const end = (settle: () => void) => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', leave);
        settle();
      };
      this.#waiting += 1;
      signal?.addEventListener('abort', leave, { once: true });
      if (signal?.aborted) leave();
      this.arrival.then(
        (answer) => end(() => resolve(answer)),
        (error: unknown) => end(() => reject(error)),
      );
    }).finally(() => {
      this.#waiting -= 1;
      if (this.#waiting === 0) this.takeBack();
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
          launch(question, new Flight(error.late, () => undefined, { span: patience, error }));
        }
      });
      return flight;
    };

    const begin = <M extends MethodName>(question: string, call: CallOf<M>, by: Asker): Flight => {
      const aborter = new AbortController();
      const arrival = next<M>(call, { ...by, signal: aborter.signal });
      return launch(question, new Flight(arrival, () => aborter.abort()));
    };

    return async <M extends MethodName>(call: CallOf<M>, by: Asker) => {
      const question = questionOf<M>(call);
      for (;;) {
        const known = flights.get(question);
        if (known) by.meter.shared += 1;
        const flight = known ?? begin<M>(question, call, by);
        try {
          return (await flight.wait(by.signal)) as Answer<Answers[M]>;
        } catch (error) {
          // Taken back by those who left, just as this one came: it asks under its own name.
          if (!(error instanceof Cancelled) || by.signal?.aborted) throw error;
          if (known) by.meter.shared -= 1;
        }
      }
    };
  };
}
