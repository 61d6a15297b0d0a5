import type { CacheHit } from '../cache/cached-item.js';
import type { Dependencies } from '../cache/dependencies.js';
import type { Answer, Call } from '../qcc/call.js';
import type { AttemptContext } from '../qcc/wire/client.js';
import type { Meter } from './meter.js';
import type { Allowance } from './policy/allowance.js';

/** Cache hits by question key. */
export type Pins = Map<string, CacheHit<unknown>>;

/** For whom and for which operation a call is made. */
export interface CallContext extends AttemptContext {
  /** Names the client for budgets, limits and the ledger. */
  readonly client: string;
  /** Calls of one operation share its turn in the queue. */
  readonly operation: { readonly name: string | null; readonly requestId: string };
  /** Counts what the request costs. */
  readonly meter: Meter;
  /** When the request arrived, in milliseconds since 1970: a failure after that is this request's failure too. */
  readonly since: number;
  /** Answers received before this time serve only where upstream fails, in milliseconds since 1970. Default: any age. */
  readonly oldest?: number | undefined;
  /** Records what the answer was made of. */
  readonly dependencies?: Dependencies | undefined;
  /** How many answers the operation may buy. */
  readonly allowance: Allowance;
  /** What serves the operation whatever becomes of the cache. */
  readonly pins?: Pins | undefined;
  /** Collects writes about the answer that must be done before it is served. */
  readonly writes?: Promise<void>[] | undefined;
}

/**
 * The one shape: a call in, its answer out. The client is a handler, and so is every middleware around it.
 *
 * @throws GatewayError where there is no answer
 */
export type Handler = <T>(call: Call<T>, context: CallContext) => Promise<Answer<T>>;

/** Wraps a handler in another. */
export type Middleware = (next: Handler) => Handler;

/** Combines middlewares; the first is the outermost. */
export function compose(...middlewares: readonly Middleware[]): Middleware {
  return (innermost) => middlewares.reduceRight((next, middleware) => middleware(next), innermost);
}
