import type { Attempt } from '../qcc/client.js';
import type { Answer, Answers, CallOf, MethodName } from '../qcc/methods.js';
import type { Meter } from './meter.js';

/** On whose behalf, and for which operation, something is asked. */
export interface Asker extends Attempt {
  /** Whose budget it is. */
  readonly caller: string;
  /** The operation: askers of one operation share its turn in the queue. */
  readonly operation: { readonly name: string | null };
  readonly meter: Meter;
}

/**
 * The one shape: a question in, its answer out. The upstream is one, and so is everything that stands before it.
 */
export interface Ask {
  /** @throws QccError where there is no answer */
  <M extends MethodName>(call: CallOf<M>, by: Asker): Promise<Answer<Answers[M]>>;
}

/** Something that stands before an `Ask` and is one itself. */
export type Wrapper = (next: Ask) => Ask;

/** Puts wrappers around an `Ask`; the first named is the outermost. */
export function compose(...wrappers: readonly Wrapper[]): Wrapper {
  return (innermost) => wrappers.reduceRight((next, wrap) => wrap(next), innermost);
}
