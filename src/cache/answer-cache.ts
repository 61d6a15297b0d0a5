import type { QccError } from '../qcc/error.js';
import {
  type Answer,
  type Answers,
  type Call,
  type CallOf,
  type MethodName,
  methods,
} from '../qcc/methods.js';
import type { CacheReader, Held, ListHead } from '../upstream/handler.js';
import { cacheKeyOf, failurePlace, headPlace, type Place, placesOf } from './cache-key.js';
import type { Dependencies } from './dependencies.js';
import { encode, type KeptFailure, keptAnswer, keptFailure, keptHead } from './entry.js';
import { keepFailure, raise } from './failure.js';
import type { Item, TieredCache } from './tiered-cache.js';

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

export interface AnswerCacheSettings {
  readonly lifetimes: Lifetimes;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

type Bought<M extends MethodName> = Answer<Answers[M]>;

/** What is on the shelf for a question. */
export interface Found<M extends MethodName> {
  /** What serves. */
  readonly held?: Held<M>;
  /** An answer past its time, that serves where upstream fails. */
  readonly stale?: Bought<M>;
}

/**
 * What has been bought. Answers with cases lie under the folded name of their company, all else under the exact text, for
 * QCC may know one spelling and not another.
 */
export class AnswerCache implements CacheReader {
  constructor(
    private readonly tiers: TieredCache,
    private readonly settings: AnswerCacheSettings,
  ) {}

  /** What memory holds for a question, and still serves. */
  recall<M extends MethodName>(call: CallOf<M>, dependencies?: Dependencies): Held<M> | undefined {
    return this.#judge<M>(placesOf<M>(call).map((place) => this.#remembered<M>(place, dependencies))).held;
  }

  async find<M extends MethodName>(call: CallOf<M>): Promise<Found<M>> {
    const items = placesOf<M>(call).map((place) => this.#remembered<M>(place) ?? this.#load<M>(call, place));
    return this.#found<M>(call, await Promise.all(items));
  }

  /**
   * What is on the shelf for a question. Where nothing lies there, nor what became of a flight, its lease is taken for
   * `span` milliseconds, or another has it: `holder` tells who.
   */
  async claim<M extends MethodName>(
    call: CallOf<M>,
    flight: { readonly place: Place; readonly holder: string; readonly span: number },
  ): Promise<Found<M> & { readonly holder?: string }> {
    const places = placesOf<M>(call);
    const { place: lease, holder, span } = flight;
    const claimed = await this.tiers.claim(lease, holder, span, [...places, failurePlace<M>(call)]);
    if ('holder' in claimed) return claimed;
    const items = places.map((place, index) => this.#unpack<M>(call, place, claimed.entries[index]));
    return this.#found<M>(call, items);
  }

  async held<M extends MethodName>(
    call: CallOf<M>,
    dependencies?: Dependencies,
  ): Promise<Held<M> | undefined> {
    const recalled = this.recall<M>(call, dependencies);
    if (recalled) return recalled;
    dependencies?.elsewhere();
    return (await this.find<M>(call)).held;
  }

  async headOf(searchKey: string, dependencies?: Dependencies): Promise<ListHead | undefined> {
    const { lifetimes, now } = this.settings;
    const place = headPlace(searchKey);
    const serves = (head: ListHead | undefined) => head && head.receivedAt + lifetimes.list > now();
    const known = this.tiers.recall(place);
    // What is past its time may have been bought anew by others.
    const remembered = known && !('kind' in known) && serves(known) ? known : undefined;
    if (remembered) dependencies?.saw(place, remembered, remembered.receivedAt + lifetimes.list);
    else dependencies?.elsewhere();
    const head = remembered ?? (await this.#loadHead(place));
    if (head && serves(head)) return head;
    const first = await this.held<'GetList'>({ method: 'GetList', searchKey, page: 1 });
    if (first?.kind !== 'answer' || first.answer.data.total === null) return undefined;
    const { data, receivedAt } = first.answer;
    return { total: first.answer.data.total, verified: data.verified, receivedAt };
  }

  /** Whether an operation that memory alone answered would find the same there now. */
  stillServes(dependencies: Dependencies): boolean {
    return dependencies.until > this.settings.now() && this.tiers.stillHolds(dependencies);
  }

  /**
   * Puts an answer on the shelf. Resolves once it is there for everyone.
   *
   * @param beside what else is being written of it: memory gives it to nobody before that is done
   */
  async keep<M extends MethodName>(
    call: CallOf<M>,
    answer: Bought<M>,
    beside: readonly Promise<void>[] = [],
  ): Promise<void> {
    const span = this.#spanOf<M>(call, answer);
    if (span === 0) {
      await Promise.all(beside);
      return;
    }
    const freshUntil = answer.receivedAt + span;
    const bytes = encode({ kind: 'answer', ...answer });
    const exact: Place = `exact ${cacheKeyOf<M>(call)}`;
    const place = isEmpty<M>(call, answer) ? exact : (placesOf<M>(call)[0] ?? exact);
    const put = this.tiers.put(place, bytes, freshUntil + this.settings.lifetimes.stale);
    const head = call.method === 'GetList' ? this.#putHead<M>(call, answer, freshUntil) : undefined;
    await Promise.all([put, head?.put, ...beside]);
    this.tiers.remember(place, { kind: 'answer', answer, freshUntil }, bytes.length);
    if (head) this.tiers.remember(head.place, head.head, head.bytes);
  }

  /** Tells those who waited that a flight failed; and for a while, of a billed refusal, everyone. */
  async fail<M extends MethodName>(call: CallOf<M>, error: QccError, flight: string): Promise<void> {
    const failure = keepFailure(error, flight, this.settings.now());
    if (failure === undefined) return;
    const bytes = encode(failure);
    if (failure.until > 0) {
      const exact: Place = `exact ${cacheKeyOf<M>(call)}`;
      this.tiers.remember(exact, failure, bytes.length);
      await this.tiers.put(exact, bytes, failure.until);
    }
    await this.tiers.put(failurePlace<M>(call), bytes, failure.failedAt + FAILURE_KEPT);
  }

  /** The last failure of a question, and whose it was. */
  async failureOf<M extends MethodName>(
    call: CallOf<M>,
  ): Promise<{ error: QccError; flight: string; failedAt: number } | undefined> {
    const place = failurePlace<M>(call);
    const failure = (await this.tiers.load(place, (entry) => keptFailure.parse(entry)))?.value;
    return failure && { ...failure, error: raise(failure, this.settings.now()) };
  }

  /** Lets a stale answer serve for a while without asking again. */
  async pause<M extends MethodName>(call: CallOf<M>): Promise<void> {
    const until = this.settings.now() + PAUSE;
    await this.tiers.put(`pause ${cacheKeyOf<M>(call)}`, Buffer.from(String(until)), Date.now() + PAUSE);
  }

  async forget<M extends MethodName>(call: CallOf<M>, receivedAt: number): Promise<void> {
    for (const place of placesOf<M>(call)) {
      const known = this.tiers.recall(place);
      if (known && 'answer' in known && known.answer.receivedAt <= receivedAt) this.tiers.forget(place);
      const kept = await this.tiers.load(place, (entry) => this.#read<M>(call, entry));
      const outdated = kept?.value?.kind === 'answer' && kept.value.answer.receivedAt <= receivedAt;
      if (kept && outdated) await this.tiers.drop(place, kept.bytes);
    }
  }

  async #found<M extends MethodName>(
    call: CallOf<M>,
    items: readonly (Item<M> | undefined)[],
  ): Promise<Found<M>> {
    const found = this.#judge<M>(items);
    if (found.held || !found.stale) return found;
    const paused = await this.tiers.get(`pause ${cacheKeyOf<M>(call)}`);
    if (paused === undefined || Number(Buffer.from(paused).toString()) <= this.settings.now()) return found;
    return { held: { kind: 'answer', answer: found.stale, stale: true } };
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
  #remembered<M extends MethodName>(place: Place, dependencies?: Dependencies): Item<M> | undefined {
    const item = this.tiers.recall(place);
    const until = item && 'kind' in item ? (item.kind === 'answer' ? item.freshUntil : item.until) : 0;
    const serves = until > this.settings.now();
    dependencies?.saw(place, item, serves ? until : undefined);
    // A place is made of its question, and that of its method.
    return serves ? (item as Item<M>) : undefined;
  }

  async #load<M extends MethodName>(call: CallOf<M>, place: Place): Promise<Item<M> | undefined> {
    return this.#unpack<M>(call, place, await this.tiers.get(place));
  }

  /** Reads what lay in the store at a place, and remembers it. */
  #unpack<M extends MethodName>(
    call: CallOf<M>,
    place: Place,
    bytes: Uint8Array | undefined,
  ): Item<M> | undefined {
    const kept = this.tiers.decoded(place, bytes, (entry) => this.#read<M>(call, entry));
    if (kept?.value) this.tiers.remember(place, kept.value, kept.bytes.length);
    return kept?.value;
  }

  #read<M extends MethodName>(call: CallOf<M>, entry: unknown): Item<M> | undefined {
    const failure = keptFailure.safeParse(entry);
    if (failure.success) return failure.data;
    const { data, status, orderNumber, receivedAt } = keptAnswer.parse(entry);
    const name: M = call.method as M;
    const answer = { data: methods[name].kept.parse(data), status, orderNumber, receivedAt };
    const span = this.#spanOf<M>(call, answer);
    return span === 0 ? undefined : { kind: 'answer', answer, freshUntil: receivedAt + span };
  }

  async #loadHead(place: Place): Promise<ListHead | undefined> {
    const kept = await this.tiers.load(place, (entry): ListHead => {
      const { total, verified, receivedAt } = keptHead.parse(entry);
      return { total, verified, receivedAt };
    });
    const known = this.tiers.recall(place);
    const newer = known && !('kind' in known) && kept && known.receivedAt >= kept.value.receivedAt;
    if (kept && !newer) this.tiers.remember(place, kept.value, kept.bytes.length);
    return newer ? known : kept?.value;
  }

  /** Puts what an answer tells of its whole list into the store. Undefined where it tells nothing. */
  #putHead<M extends MethodName>(call: CallOf<M>, answer: Bought<M>, freshUntil: number) {
    const asked: Call = call;
    const { data, receivedAt } = answer;
    if (asked.method !== 'GetList' || data === null || !('rows' in data)) return undefined;
    if (data.rows.length === 0 || data.total === null) return undefined;
    const head: ListHead = { total: data.total, verified: data.verified, receivedAt };
    const place = headPlace(asked.searchKey);
    const bytes = encode({ kind: 'head', ...head });
    return { place, head, bytes: bytes.length, put: this.tiers.put(place, bytes, freshUntil) };
  }

  #spanOf<M extends MethodName>(call: CallOf<M>, answer: Bought<M>): number {
    const { list, detail, empty } = this.settings.lifetimes;
    if (isEmpty<M>(call, answer)) return empty;
    return call.method === 'GetList' ? list : detail;
  }
}

function isEmpty<M extends MethodName>(call: CallOf<M>, { data }: Bought<M>): boolean {
  const name: M = call.method as M;
  return methods[name].isEmpty(data);
}
