import {
  type ApolloServerPlugin,
  type GraphQLRequestContext,
  type GraphQLResponse,
  HeaderMap,
} from '@apollo/server';
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import type { Context } from '../context.js';
import { estimate } from '../cost/estimate.js';
import { Selection } from '../cost/selection.js';
import { worstCase } from '../cost/worst-case.js';
import { QueryError } from '../errors.js';
import { assertKeyCount } from '../schema/query-resolver.js';

export interface SpendingSettings {
  /** An operation that may bill more answers is refused. */
  readonly maxCalls: number;
  /** More representations in one request are refused. */
  readonly maxEntities: number;
  /** Rejects where so many billed calls do not fit into what the caller may spend, or would have to wait too long. */
  readonly assertWithinBudget: (calls: number, caller: string) => Promise<void>;
}

/** Makes of an error what the client sees. */
type Format = (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;

/** A request that carries it is told what it would bill, and buys nothing. */
export const DRY_RUN = 'x-cost-dry-run';

/**
 * Stands between validation and execution: refuses an operation that might bill more than it may, before any call, and
 * answers a dry run with what the operation would bill.
 */
export function spendingPlugin(settings: SpendingSettings, format: Format): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      return {
        async responseForOperation(context) {
          try {
            const root = rootOf(context);
            if (root === undefined) return null;
            await judge(root, isDryRun(context), context.contextValue, settings);
            return null;
          } catch (error) {
            return refusal(format(error instanceof GraphQLError ? error.toJSON() : { message: '' }, error));
          }
        },
      };
    },
  };
}

/** @throws whatever keeps the operation from running */
async function judge(
  root: Selection,
  dryRun: boolean,
  context: Context,
  { maxCalls, maxEntities, assertWithinBudget }: SpendingSettings,
): Promise<void> {
  judgeLists(root, maxEntities);
  const { caller, cacheReader } = context;
  const worst = worstCase(root);
  const harmless =
    worst <= maxCalls &&
    (await assertWithinBudget(worst, caller.name).then(
      () => true,
      () => false,
    ));
  if (harmless && !dryRun) return;
  const { min, max } = await estimate(root, cacheReader);
  if (dryRun) {
    context.estimate = { min, max };
    throw new QueryError(
      `Nothing was called: this is a dry run. The operation would bill ${min === max ? min : `${min} to ${max}`} answers.`,
      'DRY_RUN',
    );
  }
  if (max > maxCalls) {
    throw new QueryError(
      `The operation may bill ${max} answers, more than the ${maxCalls} that MAX_CALLS_PER_OPERATION allows: ask for less at once.`,
      'COST_LIMIT_EXCEEDED',
    );
  }
  await assertWithinBudget(min, caller.name);
}

/** @throws GraphQLError, QueryError where a list in the arguments is longer, or shorter, than it may be */
function judgeLists(root: Selection, maxEntities: number): void {
  let count = 0;
  for (const { name, responseName, args } of root.fields) {
    if (name === 'companies' && Array.isArray(args.searchKeys)) {
      try {
        assertKeyCount(args.searchKeys);
      } catch (error) {
        throw new GraphQLError('', { path: [responseName], originalError: error as Error });
      }
    }
    if (name === '_entities' && Array.isArray(args.representations)) count += args.representations.length;
  }
  if (count > maxEntities) {
    throw new QueryError(
      `The request holds ${count} representations, more than the ${maxEntities} that MAX_ENTITIES allows.`,
    );
  }
}

/** Undefined where there is nothing to spend, or execution will refuse the variables. */
function rootOf({
  schema,
  document,
  operation,
  request,
  contextValue,
}: GraphQLRequestContext<Context>): Selection | undefined {
  if (document === undefined || operation?.operation !== 'query') return undefined;
  const { coerced } = variablesOf(schema, operation, request.variables ?? {});
  return coerced && Selection.ofQuery(schema, operation, fragmentsOf(document), coerced, contextValue.caller);
}

function variablesOf(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  inputs: Record<string, unknown>,
): { coerced?: Record<string, unknown> } {
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], inputs);
  return coerced === undefined ? {} : { coerced };
}

function fragmentsOf({ definitions }: DocumentNode): Record<string, FragmentDefinitionNode> {
  return Object.fromEntries(
    definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
    ),
  );
}

/** @throws QueryError where the header says neither yes nor no: who wanted to know a price must not pay it */
function isDryRun({ request }: GraphQLRequestContext<Context>): boolean {
  const said = request.http?.headers.get(DRY_RUN);
  if (said === undefined || said === '0') return false;
  if (said === '1') return true;
  throw new QueryError(`${DRY_RUN} must be 1, to be told what the operation would bill, or not be sent.`);
}

function refusal(error: GraphQLFormattedError): GraphQLResponse {
  return {
    http: { headers: new HeaderMap() },
    body: { kind: 'single', singleResult: { data: null, errors: [error] } },
  };
}
