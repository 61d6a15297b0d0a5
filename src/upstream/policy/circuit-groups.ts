import { LRUCache } from 'lru-cache';
import type { Call, Parameters } from '../../qcc/call.js';
import { Circuits } from './circuits.js';

/** Groups whose circuits are kept. */
const MAX_GROUPS = 1000;

/** Names the group of calls that a failure stops; undefined: the calls of the whole account, as at QCC. */
export type CircuitGroup = (parameters: Parameters) => string | undefined;

/** The circuits of an account, and of groups of calls that fail on their own: test cards of a sandbox. */
export class CircuitGroups {
  readonly account: Circuits;
  readonly #groups = new LRUCache<string, Circuits>({ max: MAX_GROUPS });

  /** @param now milliseconds, any origin */
  constructor(
    private readonly now: () => number,
    private readonly groupOf: CircuitGroup = () => undefined,
  ) {
    this.account = new Circuits(now);
  }

  /** The circuits that decide about a call. */
  of({ parameters }: Call<unknown>): Circuits {
    const group = this.groupOf(parameters);
    if (group === undefined) return this.account;
    const known = this.#groups.get(group) ?? new Circuits(this.now);
    this.#groups.set(group, known);
    return known;
  }
}
