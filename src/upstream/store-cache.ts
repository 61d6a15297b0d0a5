import type { AnswerCache } from '../cache/answer-cache.js';
import { foldedCacheKeyOf, keyOf, type Place } from '../cache/cache-key.js';
import { QccError } from '../qcc/error.js';
import type { Answer, Answers, CallOf, MethodName } from '../qcc/methods.js';
import { waitFor } from '../qcc/wire/cancellation.js';
import type { ReportFault, Store } from '../store/store.js';
import { uniqueId } from '../store/unique-id.js';
import { Overloaded } from './errors.js';
import type { InFlight } from './flights/in-flight.js';
import type { CallContext, Handler, Middleware } from './handler.js';
import { type Layer, serve } from './memory-cache.js';

/** How often whoever waits for another's flight looks, in milliseconds: soon at first, then more seldom. */
const FIRST_LOOK = 5;
const MAX_LOOK = 100;
/** A lease shorter than this would be lost to a busy moment. */
const MIN_LEASE = 1000;

export interface KeptSettings {
  readonly shelf: AnswerCache;
  readonly store: Pick<Store, 'lease' | 'release'>;
  /** Milliseconds of one attempt: a flight whose process is gone blocks nobody for longer. */
  readonly timeout: number;
  readonly report: ReportFault;
  /** Told of each answer that was there. */
  readonly hit: (layer: Layer) => void;
  /** Told of all that is asked, and that still writes what it brings. */
  readonly pending: InFlight;
}

/**
 * Asks only what the store does not hold, one flight at a time for one question in all processes and instances that
 * share it. An answer is written before it is given out, so that whoever had to wait finds it. A failure is told to
 * those who waited. Where upstream fails, an answer past its time serves, if there is one.
 */
export function kept(settings: KeptSettings): Middleware {
  return (next): Handler =>
    async <M extends MethodName>(call: CallOf<M>, by: CallContext) => {
      const flight = new LeasedFlight<M>(call, by, settings);
      const brought = await flight.take();
      return brought ?? settings.pending.track(flight.fly(next));
    };
}

/** One question that must be asked, under a lease. */
class LeasedFlight<M extends MethodName> {
  readonly #id = uniqueId();
  readonly #place: Place;
  readonly #key: string;
  readonly #span: number;
  #renewing: NodeJS.Timeout | undefined;

  constructor(
    private readonly call: CallOf<M>,
    private readonly by: CallContext,
    private readonly settings: KeptSettings,
  ) {
    this.#place = `flight ${foldedCacheKeyOf<M>(call)}`;
    this.#key = keyOf(this.#place);
    this.#span = Math.max(MIN_LEASE, settings.timeout);
  }

  /** Finds the answer in the store, or takes the lease. Resolves with undefined where it must be asked. */
  async take(): Promise<Answer<Answers[M]> | undefined> {
    const { shelf, hit } = this.settings;
    const { holder, held } = await shelf.claim<M>(this.call, {
      place: this.#place,
      holder: this.#id,
      span: this.#span,
    });
    if (holder === this.#id) return undefined;
    if (held === undefined) return this.#wait();
    hit('store');
    return serve<M>(held, this.by, this.call.method);
  }

  /** Waits for the lease. Resolves with the answer that another flight brought, if one did. */
  async #wait(): Promise<Answer<Answers[M]> | undefined> {
    const began = Date.now();
    let other: string | undefined;
    for (let look = FIRST_LOOK; ; look = Math.min(look * 1.5, MAX_LOOK)) {
      const holder = await this.#lease();
      const mine = holder === this.#id;
      try {
        const brought = await this.#brought(mine ? undefined : holder, other, Date.now() - began);
        if (mine && brought) await this.#release();
        if (brought) return brought;
      } catch (error) {
        if (mine) await this.#release();
        throw error;
      }
      if (mine) return undefined;
      other = holder;
      await waitFor(look, this.by.cancellation);
    }
  }

  /** Asks, under the lease. */
  async fly(next: Handler): Promise<Answer<Answers[M]>> {
    const { shelf } = this.settings;
    let release = () => this.#release();
    this.#renewing = setInterval(() => void this.#lease(), this.#span / 3).unref();
    try {
      const writes: Promise<void>[] = [];
      const answer = await next<M>(this.call, { ...this.by, writes });
      // In this order, and in one commit.
      const keeping = shelf.keep<M>(this.call, answer, writes);
      const released = release();
      release = async () => undefined;
      await Promise.all([keeping, released]);
      return answer;
    } catch (error) {
      if (error instanceof Overloaded) return await this.#makeDo(error);
      if (!(error instanceof QccError)) throw error;
      if (error.late === undefined) return await this.#outlive(error);
      release = async () => undefined;
      const late = this.settings.pending.track(this.#listen(error.late as Promise<Answer<Answers[M]>>));
      return await this.#outlive(error.withLate(late));
    } finally {
      await release();
    }
  }

  /** What serves instead of an answer that failed to come. @throws the error, where nothing does */
  async #outlive(error: QccError): Promise<Answer<Answers[M]>> {
    const { shelf } = this.settings;
    const { held, stale } = saysNothing(error) ? await shelf.find<M>(this.call) : {};
    if (held?.kind === 'answer') return serve<M>(held, this.by, this.call.method);
    if (stale === undefined) {
      await shelf.fail<M>(this.call, error, this.#id);
      throw error;
    }
    if (error.asked) await shelf.pause<M>(this.call);
    return serve<M>({ kind: 'answer', answer: stale, stale: true }, this.by, this.call.method);
  }

  /** An answer past its time, where there was no place to ask for a new one. @throws the error, where there is none */
  async #makeDo(error: Overloaded): Promise<Answer<Answers[M]>> {
    const { stale } = await this.settings.shelf.find<M>(this.call);
    if (stale === undefined) throw error;
    return serve<M>({ kind: 'answer', answer: stale, stale: true }, this.by, this.call.method);
  }

  /** Keeps what comes after all, and the lease until then: nobody is to buy it again. */
  async #listen(late: Promise<Answer<Answers[M]>>): Promise<Answer<Answers[M]>> {
    try {
      const answer = await late;
      await this.settings.shelf.keep<M>(this.call, answer);
      return answer;
    } catch (error) {
      if (error instanceof QccError) await this.settings.shelf.fail<M>(this.call, error, this.#id);
      throw error;
    } finally {
      await this.#release();
    }
  }

  /**
   * What another flight has brought meanwhile.
   *
   * @param holder who holds the lease now, if it is another
   * @param before who held it when this one last looked
   * @throws QccError with which a flight failed that this one waited for
   */
  async #brought(
    holder: string | undefined,
    before: string | undefined,
    waited: number,
  ): Promise<Answer<Answers[M]> | undefined> {
    const { shelf, timeout } = this.settings;
    const { held } = await shelf.find<M>(this.call);
    if (held) {
      if (before === undefined || (held.kind === 'answer' && held.stale)) {
        return serve<M>(held, this.by, this.call.method);
      }
      this.by.meter.spare('shared', this.call.method);
      if (held.kind === 'refusal') throw held.error;
      return held.answer;
    }
    const failure = await shelf.failureOf<M>(this.call);
    if (failure === undefined) return undefined;
    const awaited = failure.flight === before;
    // Its flight may still be listened to: then it is worth as long a wait as an attempt.
    const listening = failure.flight === holder;
    if (failure.failedAt > this.by.since || (awaited && (!listening || waited > timeout))) {
      this.by.meter.spare('shared', this.call.method);
      throw failure.error;
    }
    return undefined;
  }

  /** Takes or renews the lease. A store that fails lets everyone have it. */
  async #lease(): Promise<string> {
    try {
      return await this.settings.store.lease(this.#key, this.#id, this.#span);
    } catch (error) {
      this.settings.report('a flight goes without its lease', error);
      return this.#id;
    }
  }

  async #release(): Promise<void> {
    clearInterval(this.#renewing);
    await this.settings.store.release(this.#key, this.#id).catch((error: unknown) => {
      this.settings.report('a lease was not given back and runs out by itself', error);
    });
  }
}

/** Whether an error says nothing about the question itself, so that an older answer to it is still the best there is. */
function saysNothing({ code }: QccError): boolean {
  return code !== 'BAD_USER_INPUT' && code !== 'UPSTREAM_LIMIT_EXCEEDED';
}
