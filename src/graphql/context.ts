import DataLoader from 'dataloader';
import type { FieldNode } from 'graphql';
import { Dependencies } from '../cache/dependencies.js';
import type { Grouping, UsagePeriod, UsageTotals } from '../ledger/usage.js';
import type { CaseDetail } from '../qcc/methods.js';
import { Cancellation } from '../qcc/wire/cancellation.js';
import { Deadline } from '../qcc/wire/deadline.js';
import type { CacheReader, CallContext, Handler, Held } from '../upstream/handler.js';
import { Meter } from '../upstream/meter.js';
import type { Caller } from './caller.js';
import type { Estimate } from './cost/estimate.js';
import type { Selection } from './cost/selection.js';
import { PageLoader } from './paging/page-loader.js';
import { createYieldToEventLoop, type YieldToEventLoop } from './yield-to-event-loop.js';

export type ReadUsage = (
  period: UsagePeriod,
  by: Grouping,
) => Promise<{ total: UsageTotals; groups: readonly UsageTotals[] }>;

/** What every resolver of one request shares. */
export interface Context {
  readonly caller: Caller;
  readonly meter: Meter;
  readonly dependencies: Dependencies;
  /** Once it is over. */
  finished?: FinishedOperation;
  readonly operation: { name: string | null; readonly requestId: string };
  readonly cacheReader: CacheReader;
  /** What the request was estimated to bill, where that was asked. */
  estimate?: Estimate;
  readonly pages: PageLoader;
  readonly yieldToEventLoop: YieldToEventLoop;
  /** What fields are asked for, by their nodes, which are the same for all items of a list. */
  readonly selections: WeakMap<readonly FieldNode[], Selection>;
  /** GetDetail by case id: deduplicated, and each id settles alone. */
  readonly details: DataLoader<string, CaseDetail | null>;
  /** A detail that costs nothing, by case id. */
  readonly cachedDetails: DataLoader<string, Held<'GetDetail'> | undefined>;
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
  readonly ask: Handler;
  readonly cacheReader: CacheReader;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly usage: ReadUsage;
  /** Told of each request, when it is over. */
  readonly over: (finished: FinishedOperation) => void;
}

/** @param arrived when the request came, by `performance.now()`: it may have waited for another that was the same */
export function createContext(
  { ask, cacheReader, now, usage, over }: ContextParts,
  caller: Caller,
  requestId: string,
  arrived: number,
): Context {
  const meter = new Meter();
  const since = now() - (performance.now() - arrived);
  const cancellation = new Cancellation();
  const operation: Context['operation'] = { name: null, requestId };
  const deadline = new Deadline(Number.POSITIVE_INFINITY);
  const dependencies = new Dependencies();
  const by: CallContext = {
    caller: caller.name,
    operation,
    meter,
    cancellation,
    deadline,
    since,
    dependencies,
  };
  const pages = new PageLoader({
    page: (searchKey, page) => ask<'GetList'>({ method: 'GetList', searchKey, page }, by),
    head: (searchKey) => cacheReader.headOf(searchKey, dependencies),
    headServed: () => meter.spare('cached', 'GetList'),
  });
  const context: Context = {
    caller,
    meter,
    dependencies,
    operation,
    cacheReader,
    yieldToEventLoop: createYieldToEventLoop(),
    selections: new WeakMap(),
    usage(period, by) {
      dependencies.theMoment();
      return usage(period, by);
    },
    pages,
    details: new DataLoader((ids) =>
      Promise.all(
        ids.map((id) =>
          ask<'GetDetail'>({ method: 'GetDetail', id }, by).then(
            ({ data }) => data,
            (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
          ),
        ),
      ),
    ),
    cachedDetails: new DataLoader((ids) =>
      Promise.all(ids.map((id) => cacheReader.held<'GetDetail'>({ method: 'GetDetail', id }, dependencies))),
    ),
    leave: () => cancellation.cancel(),
    async close(outcome, errors) {
      const { name } = operation;
      const duration = performance.now() - arrived;
      context.finished = { requestId, client: caller.name, name, outcome, errors, duration, meter };
      over(context.finished);
      await Promise.all(
        pages
          .outdated()
          .map(({ searchKey, page, receivedAt }) =>
            cacheReader.forget<'GetList'>({ method: 'GetList', searchKey, page }, receivedAt),
          ),
      );
    },
  };
  return context;
}
