import type { Dependencies } from '../cache/dependencies.js';
import type { QccError } from '../qcc/error.js';
import type { Answer, Answers, CallOf, MethodName } from '../qcc/methods.js';
import type { Attempt } from '../qcc/wire/client.js';
import type { Meter } from './meter.js';

/** On whose behalf, and for which operation, something is asked. */
export interface CallContext extends Attempt {
  /** Whose budget it is. */
  readonly caller: string;
  /** The operation: askers of one operation share its turn in the queue. */
  readonly operation: { readonly name: string | null; readonly requestId: string };
  readonly meter: Meter;
  /** When the request came, in milliseconds since 1970: what failed after that, failed for it too. */
  readonly since: number;
  /** Told what the answer came from. */
  readonly dependencies?: Dependencies | undefined;
  /** What is being written of the answer: whoever gives it out waits for that, beside what it writes itself. */
  readonly writes?: Promise<void>[] | undefined;
}

/**
 * The one shape: a question in, its answer out. The upstream is one, and so is everything that stands before it.
 */
export interface Handler {
  /** @throws QccError where there is no answer */
  <M extends MethodName>(call: CallOf<M>, by: CallContext): Promise<Answer<Answers[M]>>;
}

/** Something that stands before an `Handler` and is one itself. */
export type Middleware = (next: Handler) => Handler;

/** Puts wrappers around an `Handler`; the first named is the outermost. */
export function compose(...wrappers: readonly Middleware[]): Middleware {
  return (innermost) => wrappers.reduceRight((next, wrap) => wrap(next), innermost);
}

/** What a question would be answered with at no cost. `stale`: past its time, but upstream has just failed. */
export type Held<M extends MethodName> =
  | { readonly kind: 'answer'; readonly answer: Answer<Answers[M]>; readonly stale: boolean }
  | { readonly kind: 'refusal'; readonly error: QccError };

/** What the newest answer told of a company's list. */
export interface ListHead {
  readonly total: number;
  readonly verified: boolean | null;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
}

/** What has been bought already, and is still good. `dependencies` is told where it was found. */
export interface CacheReader {
  held<M extends MethodName>(call: CallOf<M>, dependencies?: Dependencies): Promise<Held<M> | undefined>;
  headOf(searchKey: string, dependencies?: Dependencies): Promise<ListHead | undefined>;
  /** Drops an answer that a newer one has overtaken, unless it has been bought anew since. */
  forget<M extends MethodName>(call: CallOf<M>, receivedAt: number): Promise<void>;
}
