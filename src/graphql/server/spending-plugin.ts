import { type ApolloServerPlugin, type GraphQLRequestContext, HeaderMap } from '@apollo/server';
import { GraphQLError, locatedError } from 'graphql';
import { buildExecutionContext } from 'graphql/execution/execute.js';
import { questionKey } from '../../cache/cache-key.js';
import type { CacheReader } from '../../cache/cache-reader.js';
import type { Prices } from '../../ledger/price.js';
import type { Context } from '../context.js';
import { assertKeyCount } from '../cost/arguments.js';
import { CallCounts } from '../cost/call-counts.js';
import { estimate } from '../cost/estimate.js';
import { type Estimate, pricedEstimate } from '../cost/priced-estimate.js';
import { planPurchases } from '../cost/purchase-plan.js';
import { assertResultSize } from '../cost/result-size.js';
import { Selection } from '../cost/selection.js';
import { worstCase } from '../cost/worst-case.js';
import { QueryError } from '../errors.js';
import { COST_LIMIT, type CostHeaders, readCostHeaders } from './cost-headers.js';
import type { FormatError } from './format-error.js';

export interface SpendingSettings {
  /** `MAX_CALLS_PER_OPERATION`: an operation that may need more billed calls is refused. */
  readonly maxCalls: number;
  /** Undefined: estimates carry no amounts. */
  readonly prices: Prices | undefined;
  /** `MAX_ENTITIES`: a request with more representations is refused. */
  readonly maxEntities: number;
  /** `MAX_RESULT_FIELDS`: an operation whose result may have more field values is refused. */
  readonly maxResultFields: number;
  /** Rejects if so many billed calls exceed a budget of the caller. */
  readonly assertWithinBudget: (calls: number, caller: string) => Promise<void>;
  /**
   * Admits an operation that may make so many calls. Returns a function to call when it has ended.
   *
   * @param identity the same for operations that need the same answers
   * @throws Overloaded where they would have to wait too long for the upstream
   */
  readonly admit: (operation: object, calls: number, identity: string) => () => void;
}

/**
 * Runs between validation and execution. Refuses operations that may cost too much before anything is bought, and answers
 * dry runs with an estimate.
 */
export function spendingPlugin(
  settings: SpendingSettings,
  formatError: FormatError,
): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      return {
        async responseForOperation(request) {
          try {
            const { contextValue } = request;
            const headers = readCostHeaders(contextValue.headers, contextValue.caller);
            const query = readQuery(request);
            if (query) await assertAllowed(query, headers, contextValue, settings);
            return null;
          } catch (error) {
            const formatted = error instanceof GraphQLError ? error.toJSON() : { message: '' };
            const singleResult = { data: null, errors: [formatError(formatted, error)] };
            return { http: { headers: new HeaderMap() }, body: { kind: 'single', singleResult } };
          }
        },
      };
    },
  };
}

/** A query that is ready to run. */
interface ReadyQuery {
  /** What it selects at its root. */
  readonly root: Selection;
  /** The same for operations that need the same answers. */
  readonly identity: string;
}

/** Undefined if the operation is not a query, or if execution will refuse its variables. */
function readQuery(context: GraphQLRequestContext<Context>): ReadyQuery | undefined {
  const { schema, document, operationName, request, queryHash, contextValue } = context;
  if (document === undefined) return undefined;
  const { variables } = request;
  const execution = buildExecutionContext({ schema, document, operationName, variableValues: variables });
  if (!('operation' in execution) || execution.operation.operation !== 'query') return undefined;
  const { operation, fragments, variableValues } = execution;
  return {
    root: Selection.ofQuery(schema, operation, fragments, variableValues, contextValue.caller),
    identity: JSON.stringify([queryHash, operationName, variableValues]),
  };
}

/**
 * Throws unless the operation may run. The worst case is computed first, since it needs no look-up: only if that exceeds a
 * limit, the cache is read for an exact estimate.
 *
 * @throws GatewayError saying which limit or budget the operation exceeds; QueryError `DRY_RUN` for a dry run
 */
async function assertAllowed(
  { root, identity }: ReadyQuery,
  headers: CostHeaders,
  context: Context,
  settings: SpendingSettings,
): Promise<void> {
  const { maxCalls, maxEntities, prices, assertWithinBudget, admit } = settings;
  const { dryRun, limit = Number.POSITIVE_INFINITY, maxAge } = headers;
  assertListLengths(root, maxEntities);
  assertResultSize(root, settings.maxResultFields);
  const { caller, allowance } = context;
  if (maxAge !== undefined) context.limitAge(maxAge);
  const plan = await planPurchases(root, context);
  const worst = worstCase(plan);
  const enter = async (billed: number, calls: number) => {
    await assertWithinBudget(billed, caller.name);
    if (!dryRun) context.operation.leave = admit(context.operation, calls, identity);
  };
  const alwaysAllowed =
    worst.total <= Math.min(maxCalls, limit) &&
    (await enter(worst.total, worst.total).then(
      () => true,
      () => false,
    ));
  // Few operations need it: it is priced for those alone.
  allowance.admit(worst.total, () => pricedEstimate({ min: new CallCounts(), max: worst }, prices));
  if (alwaysAllowed && !dryRun) return;
  const calls = await estimate(plan, pinning(context), context.yieldToEventLoop);
  if (dryRun) {
    context.estimate = pricedEstimate(calls, prices, limit);
    throw dryRunOf(context.estimate);
  }
  const estimated = pricedEstimate(calls, prices);
  assertWithinLimits(estimated, limit, maxCalls);
  const max = Math.min(estimated.max, limit);
  allowance.admit(max, () => estimated);
  await enter(estimated.min, max);
}

function dryRunOf(estimate: Estimate): QueryError {
  const { min, max } = estimate;
  const calls = min === max ? min : `${min} to ${max}`;
  const message = `Dry run: nothing was bought. Estimate of billed calls: ${calls}.`;
  return new QueryError(message, 'DRY_RUN', { estimate });
}

/**
 * The lower of the two limits holds. The gateway's refuses what may exceed it; that of the request, what certainly does.
 *
 * @throws QueryError `COST_LIMIT_EXCEEDED`
 */
function assertWithinLimits(estimate: Estimate, limit: number, maxCalls: number): void {
  const { min, max } = estimate;
  if (limit <= maxCalls) {
    if (min <= limit) return;
    throw new QueryError(
      `The operation bills at least ${min} calls, more than the ${limit} that ${COST_LIMIT} allows. Nothing was bought.`,
      'COST_LIMIT_EXCEEDED',
      { limit, estimate },
    );
  }
  if (max <= maxCalls) return;
  throw new QueryError(
    `The operation may bill ${max} calls, more than the ${maxCalls} that MAX_CALLS_PER_OPERATION allows. Select fewer companies, cases or details.`,
    'COST_LIMIT_EXCEEDED',
    { limit: maxCalls, estimate },
  );
}

/** Reads the cache for an operation, and pins what it finds: the operation is admitted on the strength of it. */
function pinning({ cache, pins, age }: Pick<Context, 'cache' | 'pins' | 'age'>): CacheReader {
  return {
    async read(call) {
      const hit = await cache.read(call, age);
      if (hit) pins.set(questionKey(call), hit);
      return hit;
    },
    readList: (searchKey) => cache.readList(searchKey, age),
    dropOutdated: (searchKey, pages, outdated) => cache.dropOutdated(searchKey, pages, outdated),
  };
}

/** @throws GraphQLError, QueryError if a list among the arguments has too many items, or none */
function assertListLengths(root: Selection, maxEntities: number): void {
  let representations = 0;
  for (const { name, responseName, args } of root.fields) {
    try {
      if (name === 'companies' && Array.isArray(args.searchKeys)) assertKeyCount(args.searchKeys);
    } catch (error) {
      throw locatedError(error, undefined, [responseName]);
    }
    if (name === '_entities' && Array.isArray(args.representations)) {
      representations += args.representations.length;
    }
  }
  if (representations > maxEntities) {
    throw new QueryError(
      `The request has ${representations} representations. MAX_ENTITIES allows ${maxEntities}.`,
    );
  }
}
