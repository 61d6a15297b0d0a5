import DataLoader from 'dataloader';
import type { CacheReader } from '../../cache/cache-reader.js';
import { Dependencies } from '../../cache/dependencies.js';
import type { Answer, Call } from '../../qcc/call.js';
import type { CaseDetail } from '../../qcc/cases.js';
import { getDetail, getList } from '../../qcc/methods.js';
import { Cancellation } from '../../qcc/wire/cancellation.js';
import { Deadline } from '../../qcc/wire/deadline.js';
import type { CallContext, Handler, Pins } from '../../upstream/handler.js';
import { Meter } from '../../upstream/meter.js';
import { Allowance } from '../../upstream/policy/allowance.js';
import type { Caller } from '../caller.js';
import type { Context, OperationEnd, ReadUsage, RequestHeaders } from '../context.js';
import { SearchKeys } from '../cost/search-keys.js';
import { ErrorLimit } from '../error-limit.js';
import { toError } from '../errors.js';
import { PageLoader } from '../paging/page-loader.js';
import type { PageSource } from '../paging/page-source.js';
import { createYieldToEventLoop } from '../yield-to-event-loop.js';

/** What contexts are made of. */
export interface ContextParts {
  readonly handler: Handler;
  readonly cache: CacheReader;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly usage: (...args: [...Parameters<ReadUsage>, Cancellation]) => ReturnType<ReadUsage>;
  /** Called when an operation ends. */
  readonly onOperationEnd: (end: OperationEnd) => void;
}

/** What contexts need to know of a request. It may have waited for an identical one since it arrived. */
export interface Arrival {
  readonly requestId: string;
  readonly headers: RequestHeaders;
  /** When the request arrived, by `performance.now()`. */
  readonly arrived: number;
  /** The same in milliseconds since 1970. */
  readonly arrivedAt: number;
}

export function createContext(
  { handler, cache, now, usage, onOperationEnd }: ContextParts,
  caller: Caller,
  { requestId, headers, arrived, arrivedAt }: Arrival,
): Context {
  const meter = new Meter();
  const cancellation = new Cancellation();
  const operation: Context['operation'] = { name: null, requestId, hasAnswers: false };
  const dependencies = new Dependencies();
  const allowance = new Allowance();
  const pins: Pins = new Map();
  const age = { oldest: Number.NEGATIVE_INFINITY };
  const callContext: CallContext = {
    client: caller.name,
    operation,
    meter,
    cancellation,
    deadline: new Deadline(Number.POSITIVE_INFINITY),
    since: now() - (performance.now() - arrived),
    get oldest() {
      return age.oldest;
    },
    dependencies,
    allowance,
    pins,
  };
  /** Makes a call for this operation, and notes that it was answered. */
  const answered: <T>(call: Call<T>) => Promise<Answer<T>> = async (call) => {
    const answer = await handler(call, callContext);
    operation.hasAnswers = true;
    return answer;
  };
  const yieldToEventLoop = createYieldToEventLoop();
  const source: PageSource = {
    page: (searchKey, page) => answered(getList.call({ searchKey, page })),
    summary: (searchKey) => cache.readList(searchKey, { dependencies, ...age }),
    onSummaryHit() {
      meter.avoid('cached', getList.name);
      operation.hasAnswers = true;
    },
  };
  const pages = new PageLoader(source, yieldToEventLoop);
  const requestedDetails = new Map<string, Promise<Answer<CaseDetail | null>>>();
  const context: Context = {
    caller,
    meter,
    dependencies,
    operation,
    cache,
    pages,
    allowance,
    pins,
    requestedDetails,
    age,
    headers,
    limitAge(seconds) {
      age.oldest = arrivedAt - seconds * 1000;
    },
    errors: [],
    errorLimit: new ErrorLimit(),
    selections: new WeakMap(),
    keys: new SearchKeys(),
    yieldToEventLoop,
    usage: onceEach(async (period, grouping) => {
      dependencies.recordMomentary();
      const report = await usage(period, grouping, cancellation);
      operation.hasAnswers = true;
      return report;
    }),
    details: new DataLoader(
      (ids) => Promise.all(ids.map((id) => answered(getDetail.call({ id })).catch(toError))),
      { cacheMap: requestedDetails },
    ),
    cachedDetails: new DataLoader((ids) =>
      Promise.all(ids.map((id) => cache.read(getDetail.call({ id }), { dependencies, ...age }))),
    ),
    cancel: () => cancellation.cancel(),
    async end(outcome, errors) {
      operation.leave?.();
      const duration = performance.now() - arrived;
      const { name } = operation;
      context.ended = { requestId, client: caller.name, name, outcome, errors, duration, meter };
      onOperationEnd(context.ended);
      for (const { searchKey, loaded, outdated } of pages.lists) {
        if (outdated.length > 0) await cache.dropOutdated(searchKey, loaded, outdated);
      }
    },
  };
  return context;
}

/** Makes equal reports of one operation share one, and reads different ones one after another: each takes many look-ups. */
function onceEach(read: ReadUsage): ReadUsage {
  const reports = new Map<string, ReturnType<ReadUsage>>();
  let latest: Promise<unknown> | undefined;
  return (...query) => {
    const key = JSON.stringify(query);
    const known = reports.get(key);
    if (known) return known;
    const report = latest ? latest.then(() => read(...query)) : read(...query);
    reports.set(key, report);
    latest = report.catch(() => undefined);
    return report;
  };
}
