import DataLoader from 'dataloader';
import type { FieldNode } from 'graphql';
import { Deadline } from '../qcc/deadline.js';
import { Leaving } from '../qcc/leaving.js';
import type { CaseDetail } from '../qcc/methods.js';
import type { Ask, Asker, Held, Holdings } from '../spend/ask.js';
import { Consulted } from '../spend/consulted.js';
import { Meter } from '../spend/meter.js';
import type { FoundBy } from '../spend/provenance.js';
import type { Grouping, UsagePeriod, UsageTotals } from '../spend/usage.js';
import type { Caller } from './caller.js';
import type { Estimate } from './estimate.js';
import { PageLoader } from './page-loader.js';
import type { Selection } from './selection.js';
import { Turns } from './turns.js';

export type ReadUsage = (
  period: UsagePeriod,
  by: Grouping,
) => Promise<{ total: UsageTotals; groups: readonly UsageTotals[] }>;

/** What every resolver of one request shares. */
export interface Context {
  readonly caller: Caller;
  readonly meter: Meter;
  readonly consulted: Consulted;
  /** Once it is over. */
  finished?: FinishedOperation;
  readonly operation: { name: string | null; readonly requestId: string };
  readonly holdings: Holdings;
  /** What the request was estimated to bill, where that was asked. */
  estimate?: Estimate;
  readonly pages: PageLoader;
  readonly turns: Turns;
  /** What fields are asked for, by their nodes, which are the same for all items of a list. */
  readonly selections: WeakMap<readonly FieldNode[], Selection>;
  /** How cases are known whose details are asked, by their ids. */
  readonly foundBy: Map<string, FoundBy>;
  /** GetDetail by case id: deduplicated, and each id settles alone. */
  readonly details: DataLoader<string, CaseDetail | null>;
  /** A detail that costs nothing, by case id. */
  readonly heldDetails: DataLoader<string, Held<'GetDetail'> | undefined>;
  /** What was spent in a period. */
  readonly usage: ReadUsage;
  /** To be called when the caller goes away before it is answered. */
  leave(): void;
  /** To be called once, when the request is over. @param errors their codes */
  close(outcome: Outcome, errors: readonly string[]): Promise<void>;
}

/** `partial`: with errors beside data. */
export type Outcome = 'ok' | 'partial' | 'failed';

/** An operation that is over, as the log and the metrics tell of it. */
export interface FinishedOperation {
  readonly requestId: string;
  readonly client: string;
  readonly name: string | null;
  readonly outcome: Outcome;
  /** Codes of its errors. */
  readonly errors: readonly string[];
  /** Milliseconds. */
  readonly duration: number;
  readonly meter: Meter;
}

/** What a context is made of. */
export interface ContextParts {
  readonly ask: Ask;
  readonly holdings: Holdings;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly usage: ReadUsage;
  /** Told of each request, when it is over. */
  readonly over: (finished: FinishedOperation) => void;
}

/** @param arrived when the request came, by `performance.now()`: it may have waited for another that was the same */
export function createContext(
  { ask, holdings, now, usage, over }: ContextParts,
  caller: Caller,
  requestId: string,
  arrived: number,
): Context {
  const meter = new Meter();
  const since = now() - (performance.now() - arrived);
  const leaving = new Leaving();
  const operation: Context['operation'] = { name: null, requestId };
  const deadline = new Deadline(Number.POSITIVE_INFINITY);
  const consulted = new Consulted();
  const by: Asker = { caller: caller.name, operation, meter, leaving, deadline, since, consulted };
  const pages = new PageLoader({
    page: (searchKey, page) => ask<'GetList'>({ method: 'GetList', searchKey, page }, by),
    head: (searchKey) => holdings.headOf(searchKey, consulted),
    headServed: () => meter.spare('cached', 'GetList'),
  });
  const foundBy: Context['foundBy'] = new Map();
  const context: Context = {
    caller,
    foundBy,
    meter,
    consulted,
    operation,
    holdings,
    turns: new Turns(),
    selections: new WeakMap(),
    usage(period, by) {
      consulted.theMoment();
      return usage(period, by);
    },
    pages,
    details: new DataLoader((ids) =>
      Promise.all(
        ids.map((id) =>
          ask<'GetDetail'>({ method: 'GetDetail', id }, { ...by, foundBy: foundBy.get(id) }).then(
            ({ data }) => data,
            (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
          ),
        ),
      ),
    ),
    heldDetails: new DataLoader((ids) =>
      Promise.all(ids.map((id) => holdings.held<'GetDetail'>({ method: 'GetDetail', id }, consulted))),
    ),
    leave: () => leaving.leave(),
    async close(outcome, errors) {
      const { name } = operation;
      const duration = performance.now() - arrived;
      context.finished = { requestId, client: caller.name, name, outcome, errors, duration, meter };
      over(context.finished);
      await Promise.all(
        pages
          .outdated()
          .map(({ searchKey, page, receivedAt }) =>
            holdings.forget<'GetList'>({ method: 'GetList', searchKey, page }, receivedAt),
          ),
      );
    },
  };
  return context;
}
