import type { Outcome } from '../context.js';

/** Codes of errors that the client can fix, and the operator cannot. */
const CLIENT_CODES: ReadonlySet<string> = new Set([
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'CANCELLED',
  'COST_LIMIT_EXCEEDED',
  'FORBIDDEN',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'RESULT_TOO_LARGE',
  'UNAUTHENTICATED',
  'UPSTREAM_LIMIT_EXCEEDED',
]);

/** Errors that are expected answers: the client continues from them. */
const ANSWERS: Readonly<Record<string, Outcome>> = {
  DRY_RUN: 'dry_run',
  PERSISTED_QUERY_NOT_FOUND: 'persisted_query_not_found',
};

/**
 * How an operation ended.
 *
 * @param codes the codes of its errors
 * @param hasAnswers whether anything that it selects was answered
 */
export function outcomeOf(codes: readonly string[], hasAnswers: boolean): Outcome {
  const [first] = codes;
  if (first === undefined) return 'ok';
  if (ANSWERS[first] !== undefined) return ANSWERS[first];
  if (codes.every((code) => CLIENT_CODES.has(code))) return 'client_error';
  return hasAnswers ? 'partial' : 'failed';
}
