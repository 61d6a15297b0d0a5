import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { askForKey } from '../access/access';
import { client } from './client';
import type { Cost } from './page-cost';
import { type Problem, problemsOf } from './problem';

export interface AskOptions {
  /** How many answers the operation may buy. */
  readonly limit: number;
  /** Only estimates, and buys nothing. */
  readonly dryRun?: boolean;
  /** Seconds: older answers are bought anew. */
  readonly maxAge?: number | undefined;
  readonly signal?: AbortSignal;
}

export interface Answer<Data> {
  readonly data: Data | undefined;
  readonly problems: readonly Problem[];
  /** Answers that were bought, or may have been. */
  readonly bought: number;
}

/**
 * Sends an operation that buys at most `limit` answers.
 *
 * @throws the reason of `signal` if it was aborted meanwhile
 */
export async function ask<Data, Variables extends Record<string, unknown>>(
  query: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  { limit, dryRun, maxAge, signal }: AskOptions,
): Promise<Answer<Data>> {
  signal?.throwIfAborted();
  let bought = 0;
  const headers = {
    ...(dryRun ? { 'x-cost-dry-run': '1' } : { 'x-cost-limit': String(limit) }),
    ...(maxAge !== undefined && { 'x-cost-max-age': String(maxAge) }),
  };
  const onCost = ({ billed, maybeBilled }: Cost) => {
    bought = billed + maybeBilled;
  };
  const { data, error } = await client.query<unknown>({
    query,
    variables,
    fetchPolicy: 'no-cache',
    errorPolicy: 'all',
    context: { headers, onCost, fetchOptions: { signal } },
  });
  signal?.throwIfAborted();
  const problems = problemsOf(error);
  if (problems.some(({ code }) => code === 'UNAUTHENTICATED')) askForKey();
  // The document says which type its data has; Apollo Client's own type would mask fragments, and this page has no masks.
  return { data: (data as Data | null | undefined) ?? undefined, problems, bought };
}
