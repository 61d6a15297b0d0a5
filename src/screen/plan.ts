import Big from 'big.js';
import { MAX_READABLE } from './ask/company-result.js';
import type { Window } from './ask/documents.js';
import type { Estimate, GraphClient } from './ask/graph-client.js';
import { inOrder } from './ask/in-order.js';
import { type Depth, FIRST_PAGE } from './ask/phase.js';
import { textOf } from './ask/window-answer.js';
import { ageHeader } from './ask/window-asker.js';
import { ScreenError } from './errors.js';
import { inBatches } from './list/distinct-companies.js';
import type { Progress } from './output/progress.js';
import type { Stop } from './stop.js';

/** Companies in one dry run. */
const BATCH = 20;
const CONCURRENCY = { inFlight: 2, ahead: 4 };

/** What a phase may bill, from dry runs. */
export interface Plan {
  /** Calls: `min` if no one else buys in the meantime, `max` in the worst case. */
  readonly min: number;
  readonly max: number;
  /** Yuan for `max`; undefined if the gateway has no prices. */
  readonly maxAmount: Big | undefined;
  /** Whether the answers are invented. */
  readonly sandbox: boolean;
}

/** One dry run. */
interface Trial {
  readonly searchKeys: readonly string[];
  readonly window: Window;
}

/** How many windows the lists have, down to the last case that can be read. */
export function countWindows(totals: ReadonlyMap<string, number>, { first }: Depth): number {
  let windows = 0;
  for (const total of totals.values()) windows += Math.ceil(Math.min(total, MAX_READABLE) / first);
  return windows;
}

/** Asks, by dry runs, what a screen would bill. */
export class Planner {
  /** @param oldest the instant before which answers are too old, in milliseconds since 1970; undefined: any age will do */
  constructor(
    private readonly client: GraphClient,
    private readonly stop: Stop,
    private readonly oldest: number | undefined,
  ) {}

  /** What page 1 of each company may bill. */
  firstPages(searchKeys: Iterable<string>, progress: Progress): Promise<Plan> {
    const { first, details } = FIRST_PAGE;
    const window = { first, details, offset: 0 };
    return this.#sum(
      (function* () {
        for (const batch of inBatches(searchKeys, BATCH)) yield { searchKeys: batch, window };
      })(),
      progress,
    );
  }

  /**
   * What every window of the companies may bill.
   *
   * @param totals how many cases each company has, by search key
   */
  allWindows(
    totals: ReadonlyMap<string, number>,
    { first, details }: Depth,
    progress: Progress,
  ): Promise<Plan> {
    return this.#sum(
      (function* () {
        for (const batch of inBatches(totals.keys(), BATCH)) {
          yield { searchKeys: batch, window: { first, details, offset: 0 } };
        }
        for (const [searchKey, total] of totals) {
          for (let offset = first; offset < Math.min(total, MAX_READABLE); offset += first) {
            yield { searchKeys: [searchKey], window: { first, details, offset } };
          }
        }
      })(),
      progress,
    );
  }

  async #sum(trials: Iterable<Trial>, progress: Progress): Promise<Plan> {
    let plan: Plan = { min: 0, max: 0, maxAmount: undefined, sandbox: false };
    for await (const { estimate, sandbox } of inOrder(this.stop.whileRunning(trials), CONCURRENCY, (trial) =>
      this.#estimate(trial).finally(() => progress.add(trial.searchKeys.length)),
    )) {
      const { min, max, maxAmount } = estimate;
      plan = {
        min: plan.min + min,
        max: plan.max + max,
        maxAmount: maxAmount === undefined ? undefined : new Big(maxAmount).plus(plan.maxAmount ?? 0),
        sandbox,
      };
    }
    return plan;
  }

  /** @throws ScreenError if the gateway makes no estimate */
  async #estimate({ searchKeys, window }: Trial): Promise<{ estimate: Estimate; sandbox: boolean }> {
    const { estimate, errors, sandbox } = await this.client.send(searchKeys, window, () => ({
      'x-cost-dry-run': '1',
      ...ageHeader(this.oldest),
    }));
    if (estimate) return { estimate, sandbox };
    if (this.stop.reason !== undefined) return { estimate: { min: 0, max: 0 }, sandbox };
    const [error] = errors;
    throw new ScreenError(`The gateway made no estimate. ${error ? textOf(error) : ''}`.trimEnd());
  }
}
