import { LRUCache } from 'lru-cache';
import type { QccError } from '../qcc/error.js';
import {
  type Answer,
  type Answers,
  type Call,
  type CallOf,
  type MethodName,
  methods,
} from '../qcc/methods.js';
import type { ReportFault, Store } from '../store/store.js';
import type { Held, Holdings, ListHead } from './ask.js';
import { decode, encode, type KeptFailure, keptAnswer, keptFailure, keptHead } from './entry.js';
import { keepFailure, raise } from './failure.js';
import type { FoundBy, Provenance } from './provenance.js';
import { headPlace, keyOf, type Place, placesOf, questionOf } from './question.js';

/** A decoded answer takes about so many times the room of its JSON. */
const DECODED = 3;
/** Bytes that the smallest thing in memory takes. */
const LEAST = 200;
/** For how long, in milliseconds, a question is not asked again whose stale answer has just been served. */
const PAUSE = 30_000;
/** For how long, in milliseconds, a failure is kept for those who waited for it. */
const FAILURE_KEPT = 60_000;

/** How long things serve, in milliseconds; 0 keeps none. */
export interface Lifetimes {
  readonly list: number;
  readonly detail: number;
  readonly empty: number;
  /** Past the others, where upstream fails. */
  readonly stale: number;
}

export interface ShelfSettings {
  readonly lifetimes: Lifetimes;
  /** Bytes that decoded answers may take in this process. */
  readonly memory: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly report: ReportFault;
  readonly provenance: Provenance;
}

type Bought<M extends MethodName> = Answer<Answers[M]>;
type Item<M extends MethodName> =
  | { readonly kind: 'answer'; readonly answer: Bought<M>; readonly freshUntil: number }
  | KeptFailure;

/** What is on the shelf for a question. */
export interface Found<M extends MethodName> {
  /** What serves. */
  readonly held?: Held<M>;
  /** An answer past its time, that serves where upstream fails. */
  readonly stale?: Bought<M>;
}

/**
 * What has been bought: in the store, and before it in memory, decoded. Answers with cases lie under the folded name of
 * their company, all else under the exact text, for QCC may know one spelling and not another.
 *
 * A store that fails is a miss, and reported: what has been paid for goes to whoever asked all the same.
 */
export class Shelf implements Holdings {
  readonly #memory: LRUCache<string, Item<MethodName> | ListHead>;

  constructor(
    private readonly store: Store,
    private readonly settings: ShelfSettings,
  ) {
    this.#memory = new LRUCache({ maxSize: Math.max(1, settings.memory) });
  }

  /** What memory holds for a question, and still serves. */
  recall<M extends MethodName>(call: CallOf<M>): Held<M> | undefined {
    return this.#judge<M>(placesOf<M>(call).map((place) => this.#remembered<M>(place))).held;
  }

  async find<M extends MethodName>(call: CallOf<M>): Promise<Found<M>> {
    const items = placesOf<M>(call).map((place) => this.#remembered<M>(place) ?? this.#load<M>(call, place));
    const found = this.#judge<M>(await Promise.all(items));
    if (found.held || !found.stale) return found;
    const paused = await this.#get(`pause ${questionOf<M>(call)}`);
    if (paused === undefined || Number(Buffer.from(paused).toString()) <= this.settings.now()) return found;
    return { held: { kind: 'answer', answer: found.stale, stale: true } };
  }

  async held<M extends MethodName>(call: CallOf<M>): Promise<Held<M> | undefined> {
    return this.recall<M>(call) ?? (await this.find<M>(call)).held;
  }

  async headOf(searchKey: string): Promise<ListHead | undefined> {
    const place = headPlace(searchKey);
    const known = this.#memory.get(place);
    const head =
      known && !('kind' in known)
        ? known
        : await this.#read(place, (entry) => (entry === undefined ? undefined : keptHead.parse(entry)));
    if (head && head.receivedAt + this.settings.lifetimes.list > this.settings.now()) return head;
    const first = await this.held<'GetList'>({ method: 'GetList', searchKey, page: 1 });
    if (first?.kind !== 'answer' || first.answer.data.total === null) return undefined;
    const { data, receivedAt } = first.answer;
    return { total: first.answer.data.total, verified: data.verified, receivedAt };
  }

  detailsFoundOtherwise(foundBy: FoundBy): Promise<number> {
    return this.settings.provenance.otherThan(foundBy);
  }

  /** Puts an answer on the shelf. Resolves once it is there for everyone. */
  async keep<M extends MethodName>(call: CallOf<M>, answer: Bought<M>): Promise<void> {
    const span = this.#spanOf<M>(call, answer);
    if (span === 0) return;
    const freshUntil = answer.receivedAt + span;
    const bytes = encode({ kind: 'answer', ...answer });
    const exact: Place = `exact ${questionOf<M>(call)}`;
    const place = isEmpty<M>(call, answer) ? exact : (placesOf<M>(call)[0] ?? exact);
    this.#remember(place, { kind: 'answer', answer, freshUntil }, bytes.length);
    await Promise.all([
      this.#put(place, bytes, freshUntil + this.settings.lifetimes.stale),
      this.#keepHead<M>(call, answer, freshUntil),
    ]);
  }

  /** Tells those who waited that a flight failed; and for a while, of a billed refusal, everyone. */
  async fail<M extends MethodName>(call: CallOf<M>, error: QccError, flight: string): Promise<void> {
    const failure = keepFailure(error, flight, this.settings.now());
    if (failure === undefined) return;
    const bytes = encode(failure);
    if (failure.until > 0) {
      const exact: Place = `exact ${questionOf<M>(call)}`;
      this.#remember(exact, failure, bytes.length);
      await this.#put(exact, bytes, failure.until);
    }
    await this.#put(`failure ${questionOf<M>(call)}`, bytes, failure.failedAt + FAILURE_KEPT);
  }

  /** The last failure of a question, and whose it was. */
  async failureOf<M extends MethodName>(
    call: CallOf<M>,
  ): Promise<{ error: QccError; flight: string; failedAt: number } | undefined> {
    const failure = await this.#read(`failure ${questionOf<M>(call)}`, (entry) =>
      entry === undefined ? undefined : keptFailure.parse(entry),
    );
    return failure && { ...failure, error: raise(failure, this.settings.now()) };
  }

  /** Lets a stale answer serve for a while without asking again. */
  async pause<M extends MethodName>(call: CallOf<M>): Promise<void> {
    const until = this.settings.now() + PAUSE;
    await this.#put(`pause ${questionOf<M>(call)}`, Buffer.from(String(until)), Date.now() + PAUSE);
  }

  async forget<M extends MethodName>(call: CallOf<M>, receivedAt: number): Promise<void> {
    for (const place of placesOf<M>(call)) {
      const known = this.#memory.peek(place);
      if (known && 'answer' in known && known.answer.receivedAt <= receivedAt) this.#memory.delete(place);
      const bytes = await this.#get(place);
      const item = bytes && this.#decoded<M>(call, place, bytes);
      if (bytes && item?.kind === 'answer' && item.answer.receivedAt <= receivedAt) {
        await this.#safely(() => this.store.drop(keyOf(place), bytes));
      }
    }
  }

  #judge<M extends MethodName>(items: readonly (Item<M> | undefined)[]): Found<M> {
    const now = this.settings.now();
    let newest: Extract<Item<M>, { kind: 'answer' }> | undefined;
    let refusal: KeptFailure | undefined;
    for (const item of items) {
      if (item?.kind === 'failure' && item.until > now) refusal = item;
      if (item?.kind !== 'answer') continue;
      if (newest === undefined || item.answer.receivedAt > newest.answer.receivedAt) newest = item;
    }
    if (newest && newest.freshUntil > now) {
      return { held: { kind: 'answer', answer: newest.answer, stale: false } };
    }
    if (refusal) return { held: { kind: 'refusal', error: raise(refusal, now) } };
    return newest && newest.freshUntil + this.settings.lifetimes.stale > now ? { stale: newest.answer } : {};
  }

  /** What memory holds and still serves: what is past its time may have been bought anew by others. */
  #remembered<M extends MethodName>(place: Place): Item<M> | undefined {
    const item = this.#memory.get(place);
    if (item === undefined || !('kind' in item)) return undefined;
    const until = item.kind === 'answer' ? item.freshUntil : item.until;
    // A place is made of its question, and that of its method.
    return until > this.settings.now() ? (item as Item<M>) : undefined;
  }

  async #load<M extends MethodName>(call: CallOf<M>, place: Place): Promise<Item<M> | undefined> {
    const bytes = await this.#get(place);
    const item = bytes && this.#decoded<M>(call, place, bytes);
    if (item && bytes) this.#remember(place, item, bytes.length);
    return item;
  }

  #decoded<M extends MethodName>(call: CallOf<M>, place: Place, bytes: Uint8Array): Item<M> | undefined {
    try {
      const entry = decode(bytes);
      if (entry === undefined) return undefined;
      const failure = keptFailure.safeParse(entry);
      if (failure.success) return failure.data;
      const { data, status, orderNumber, receivedAt } = keptAnswer.parse(entry);
      const name: M = call.method as M;
      const answer = { data: methods[name].kept.parse(data), status, orderNumber, receivedAt };
      const span = this.#spanOf<M>(call, answer);
      return span === 0 ? undefined : { kind: 'answer', answer, freshUntil: receivedAt + span };
    } catch (error) {
      this.settings.report(
        `an entry of the store cannot be read and counts as missing (${keyOf(place)})`,
        error,
      );
      return undefined;
    }
  }

  async #keepHead<M extends MethodName>(
    call: CallOf<M>,
    answer: Bought<M>,
    freshUntil: number,
  ): Promise<void> {
    const asked: Call = call;
    const { data, receivedAt } = answer;
    if (asked.method !== 'GetList' || data === null || !('rows' in data)) return;
    if (data.rows.length === 0 || data.total === null) return;
    const head: ListHead = { total: data.total, verified: data.verified, receivedAt };
    const place = headPlace(asked.searchKey);
    const bytes = encode({ kind: 'head', ...head });
    this.#remember(place, head, bytes.length);
    await this.#put(place, bytes, freshUntil);
  }

  #spanOf<M extends MethodName>(call: CallOf<M>, answer: Bought<M>): number {
    const { list, detail, empty } = this.settings.lifetimes;
    if (isEmpty<M>(call, answer)) return empty;
    return call.method === 'GetList' ? list : detail;
  }

  #remember(place: Place, item: Item<MethodName> | ListHead, bytes: number): void {
    this.#memory.set(place, item, { size: LEAST + place.length + DECODED * bytes });
  }

  async #read<T>(place: Place, read: (entry: unknown) => T): Promise<T | undefined> {
    const bytes = await this.#get(place);
    if (bytes === undefined) return undefined;
    try {
      return read(decode(bytes));
    } catch (error) {
      this.settings.report(
        `an entry of the store cannot be read and counts as missing (${keyOf(place)})`,
        error,
      );
      return undefined;
    }
  }

  #get(place: Place): Promise<Uint8Array | undefined> {
    return this.#safely(() => this.store.get(keyOf(place)));
  }

  #put(place: Place, bytes: Uint8Array, until: number): Promise<void> {
    return this.#safely(() => this.store.put(keyOf(place), bytes, until));
  }

  async #safely<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      this.settings.report('the store fails', error);
      return undefined;
    }
  }
}

function isEmpty<M extends MethodName>(call: CallOf<M>, { data }: Bought<M>): boolean {
  const name: M = call.method as M;
  return methods[name].isEmpty(data);
}
