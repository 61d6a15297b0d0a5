import type { AnswerCache } from '../../cache/answer-cache.js';
import { flightKey, storeKey } from '../../cache/cache-key.js';
import { GatewayError } from '../../errors.js';
import { type Answer, answerTo, type Call } from '../../qcc/call.js';
import { QccError, transmissionError } from '../../qcc/error.js';
import type { LeaseStore, ReportFault } from '../../store/store.js';
import { Overloaded } from '../errors.js';
import type { CallContext, Handler } from '../handler.js';
import { serve, type Tier } from '../memory-cache.js';
import type { InFlight } from './in-flight.js';
import { Lease } from './lease.js';
import type { ServeStale } from './stale.js';

/** Milliseconds that a lease outlasts an attempt: its process may be busy when the answer arrives. */
const LEASE_MARGIN = 2000;

export interface LeasedFlightSettings {
  readonly cache: AnswerCache;
  readonly leases: LeaseStore;
  /** Milliseconds of one attempt. */
  readonly timeout: number;
  /** Milliseconds that all attempts for one answer share; waiting for another process' flight takes no longer. */
  readonly deadline: number;
  readonly serveStale: ServeStale;
  readonly report: ReportFault;
  /** Called for each answer found in the store. */
  readonly onHit: (tier: Tier) => void;
  readonly inFlight: InFlight;
}

/** One question that this process must buy or wait for, under a lease that others respect. */
export class LeasedFlight<T> {
  readonly #lease: Lease;

  constructor(
    private readonly call: Call<T>,
    private readonly context: CallContext,
    private readonly settings: LeasedFlightSettings,
  ) {
    const { leases, timeout, report } = settings;
    this.#lease = new Lease(storeKey(flightKey(call)), { leases, duration: timeout + LEASE_MARGIN, report });
  }

  /** Finds the answer in the store, waits for another flight's, or takes the lease: then resolves with undefined. */
  async claim(): Promise<Answer<T> | undefined> {
    const { cache, onHit } = this.settings;
    const claim = (entries: readonly string[]) => this.#lease.claim(entries);
    const { holder, hit } = await cache.claim(this.call, this.context, claim);
    if (holder === this.#lease.id) return undefined;
    if (hit === undefined) return this.#waitForOther();
    onHit('store');
    return serve(this.call, hit, this.context);
  }

  /** Buys the answer under the lease. */
  async run(next: Handler): Promise<Answer<T>> {
    let release = () => this.#lease.release();
    let giveBack = (): void => undefined;
    this.#lease.keep();
    try {
      giveBack = this.context.allowance.take();
      const writes: Promise<void>[] = [];
      const answer = await next(this.call, { ...this.context, writes });
      // Begun in this order, so that one commit holds the answer, its ledger row and the end of the lease.
      const stored = this.settings.cache.store(this.call, answer, writes);
      const released = release();
      release = async () => undefined;
      await Promise.all([stored, released]);
      return answer;
    } catch (error) {
      if (isUnbilled(error)) giveBack();
      if (error instanceof Overloaded) return await this.#serveStaleOr(error);
      if (!(error instanceof QccError)) throw error;
      if (error.late === undefined) return await this.#recover(error);
      release = async () => undefined;
      const late = error.late.then((answer) => answerTo(this.call, answer));
      return await this.#recover(error.withLate(this.settings.inFlight.track(this.#listen(late))));
    } finally {
      await release();
    }
  }

  /** Waits until another flight brings the answer, or until the lease is free and this flight takes it. */
  async #waitForOther(): Promise<Answer<T> | undefined> {
    const { timeout, deadline } = this.settings;
    const began = performance.now();
    for (let awaited: string | undefined; ; ) {
      const holder = await this.#lease.take();
      const isMine = holder === this.#lease.id;
      const waited = performance.now() - began;
      try {
        const answer = await this.#outcomeOf(awaited, isMine ? undefined : holder, waited);
        if (isMine && answer) await this.#lease.release();
        if (answer) return answer;
      } catch (error) {
        if (isMine) await this.#lease.release();
        throw error;
      }
      if (isMine) return undefined;
      if (waited >= deadline) return this.#serveStaleOr(this.#notAnswered());
      awaited = holder;
      await this.#lease.untilReleased(
        holder,
        Math.min(timeout, deadline - waited),
        this.context.cancellation,
      );
    }
  }

  /**
   * What another flight has brought by now.
   *
   * @param awaited the flight that held the lease at the last look
   * @param holder the flight that holds it now, if it is another
   * @param waited milliseconds waited so far
   * @throws QccError with which a flight failed that this one waited for
   */
  async #outcomeOf(
    awaited: string | undefined,
    holder: string | undefined,
    waited: number,
  ): Promise<Answer<T> | undefined> {
    const { cache, timeout } = this.settings;
    const { hit } = await cache.lookUp(this.call, this.context);
    if (hit) {
      if (awaited === undefined || (hit.kind === 'answer' && hit.stale)) {
        return serve(this.call, hit, this.context);
      }
      this.#countShared();
      if (hit.kind === 'refusal') throw hit.error;
      return hit.answer;
    }
    const failure = await cache.lastFailure(this.call);
    if (failure === undefined) return undefined;
    // A flight that still holds its lease is listening for a late answer, which is worth waiting for as long as an attempt.
    const isListening = failure.flight === holder;
    const wasAwaited = failure.flight === awaited && (!isListening || waited >= timeout);
    if (failure.failedAt <= this.context.since && !wasAwaited) return undefined;
    const stale = await this.settings.serveStale(this.call, this.context);
    if (stale) return stale;
    this.#countShared();
    throw failure.error;
  }

  #notAnswered(): QccError {
    const method = this.call.method.name;
    const message = `Another process asked QCC for this answer (${method}) and did not get it in time. This call was not made`;
    return transmissionError('UPSTREAM_TIMEOUT', message, { method, billed: false });
  }

  /** Serves an older answer instead of one that failed to come. @throws the error if there is no older answer */
  async #recover(error: QccError): Promise<Answer<T>> {
    const { cache, serveStale } = this.settings;
    const stale = isAboutTheQuestion(error) ? undefined : await serveStale(this.call, this.context);
    if (stale) return stale;
    await cache.storeFailure(this.call, error, this.#lease.id);
    throw error;
  }

  /** @throws the error where no answer past its TTL is cached */
  async #serveStaleOr(error: GatewayError): Promise<Answer<T>> {
    const stale = await this.settings.serveStale(this.call, this.context);
    if (stale) return stale;
    throw error;
  }

  /** Stores a late answer, and keeps the lease until then, so that no other process buys it again. */
  async #listen(late: Promise<Answer<T>>): Promise<Answer<T>> {
    try {
      const answer = await late;
      await this.settings.cache.store(this.call, answer);
      return answer;
    } catch (error) {
      if (error instanceof QccError) await this.settings.cache.storeFailure(this.call, error, this.#lease.id);
      throw error;
    } finally {
      await this.#lease.release();
    }
  }

  #countShared(): void {
    this.context.meter.avoid('shared', this.call.method.name);
  }
}

/** Whether a call failed without being billed, now or later. */
function isUnbilled(error: unknown): boolean {
  return error instanceof QccError ? error.upstream?.billed === false : error instanceof GatewayError;
}

/** Whether an error says something about the question itself, so that an older answer no longer holds. */
function isAboutTheQuestion({ code }: QccError): boolean {
  return code === 'BAD_USER_INPUT' || code === 'UPSTREAM_LIMIT_EXCEEDED';
}
