import type DataLoader from 'dataloader';
import type { GraphQLError } from 'graphql';
import type { CacheReader } from '../cache/cache-reader.js';
import type { CacheHit } from '../cache/cached-item.js';
import type { Dependencies } from '../cache/dependencies.js';
import type { Grouping, UsagePeriod, UsageResult } from '../ledger/usage.js';
import type { Answer } from '../qcc/call.js';
import type { CaseDetail } from '../qcc/cases.js';
import type { Pins } from '../upstream/handler.js';
import type { Meter } from '../upstream/meter.js';
import type { Allowance } from '../upstream/policy/allowance.js';
import type { Estimate } from './cost/priced-estimate.js';
import type { PlanContext } from './cost/purchase-plan.js';
import type { SelectionContext } from './cost/selection.js';
import type { ErrorLimit } from './error-limit.js';
import type { PageLoader } from './paging/page-loader.js';

export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

export type ReadUsage = (period: UsagePeriod, grouping: Grouping) => Promise<UsageResult>;

/** What the resolvers and plugins of one request share. */
export interface Context extends SelectionContext, PlanContext {
  readonly meter: Meter;
  /** What the response is made of. */
  readonly dependencies: Dependencies;
  /** Apollo Server copies the context: what is set later is set here. */
  readonly operation: {
    name: string | null;
    readonly requestId: string;
    /** Whether QCC, the cache or the ledger has answered anything that the operation selects. */
    hasAnswers: boolean;
    /** Says that the operation makes no more calls. Set when it is admitted; further calls change nothing. */
    leave?: () => void;
  };
  readonly cache: CacheReader;
  /** Answers received before `oldest` serve only where upstream fails; milliseconds since 1970. */
  readonly age: { readonly oldest: number };
  /** The headers of the request, by their names in lower case. */
  readonly headers: RequestHeaders;
  /** Set by a dry run. */
  estimate?: Estimate;
  readonly pages: PageLoader;
  /** GetDetail by case id. Ids are deduplicated, and each settles by itself. */
  readonly details: DataLoader<string, Answer<CaseDetail | null>>;
  /** The ids that `details` was asked for. */
  readonly requestedDetails: { has(id: string): boolean };
  /** A cached detail, by case id. */
  readonly cachedDetails: DataLoader<string, CacheHit<CaseDetail | null> | undefined>;
  readonly usage: ReadUsage;
  /** Errors beside the data, of values that have no field to be null. */
  readonly errors: GraphQLError[];
  readonly errorLimit: ErrorLimit;
  /** How many answers the operation may buy. */
  readonly allowance: Allowance;
  /** What the estimate found in the cache: it serves the operation to its end. */
  readonly pins: Pins;
  /** Set when the operation has ended. */
  ended?: OperationEnd;
  /** Sets how old the answers may be, in seconds before the request came. */
  limitAge(seconds: number): void;
  /** Cancels calls that have not left yet: the caller has disconnected. */
  cancel(): void;
  /** Ends the operation; call it once. @param errors the codes of its errors */
  end(outcome: Outcome, errors: readonly string[]): Promise<void>;
}

/**
 * How an operation ended, for the log and the metrics.
 *
 * - `ok`: without errors
 * - `partial`: with errors that are not the client's, and some of what it selects
 * - `failed`: with such errors, and nothing that QCC or the ledger answered
 * - `client_error`: only with errors that the client can fix
 * - `dry_run`: with an estimate in place of data
 * - `persisted_query_not_found`: the client sends the document next, as automatic persisted queries have it
 */
export type Outcome = 'ok' | 'partial' | 'failed' | 'client_error' | 'dry_run' | 'persisted_query_not_found';

/** An operation that has ended, for the log and the metrics. */
export interface OperationEnd {
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
