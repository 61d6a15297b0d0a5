import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { ask } from '../graph/ask';
import type { Estimate } from '../money/estimate';
import { Stopped } from './stopped';

interface PriceOptions {
  readonly signal: AbortSignal;
  readonly maxAge?: number | undefined;
}

/**
 * What an operation may bill, by a dry run.
 *
 * @throws Stopped if the gateway gives no estimate
 */
export async function priceOf<Data, Variables extends Record<string, unknown>>(
  query: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  options: PriceOptions,
): Promise<Estimate> {
  const { problems } = await ask(query, variables, { ...options, limit: 0, dryRun: true });
  const estimate = problems.find((problem) => problem.estimate)?.estimate;
  if (estimate === undefined) throw new Stopped(problems);
  return estimate;
}
