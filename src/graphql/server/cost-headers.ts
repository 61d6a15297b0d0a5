import type { Caller } from '../caller.js';
import type { RequestHeaders } from '../context.js';
import { QueryError } from '../errors.js';

/** With `1` or `true`, the response says what the operation would cost, and nothing is bought. */
export const DRY_RUN = 'x-cost-dry-run';
/** How many answers the request may buy. */
export const COST_LIMIT = 'x-cost-limit';
/** How old the answers may be, in seconds. */
export const MAX_AGE = 'x-cost-max-age';

/** A whole number that a double holds exactly. */
const WHOLE_NUMBER = /^\d{1,15}$/;

/** What the headers of a request say about its cost. */
export interface CostHeaders {
  readonly dryRun: boolean;
  /** Answers that the request may buy; undefined: as many as the gateway allows. */
  readonly limit: number | undefined;
  /** Seconds before the request came; undefined: the TTLs alone count. */
  readonly maxAge: number | undefined;
}

/**
 * Reads the headers. A client that wants to limit its cost must not buy by mistake, so no wrong value passes.
 *
 * @throws QueryError saying what would be right, or which scope the caller lacks
 */
export function readCostHeaders(headers: RequestHeaders, { scopes }: Caller): CostHeaders {
  const maxAge = readWholeNumber(MAX_AGE, headers[MAX_AGE], 'seconds');
  if (maxAge !== undefined && !scopes.has('answers:refresh')) {
    throw new QueryError(`The header ${MAX_AGE} needs the scope answers:refresh.`, 'FORBIDDEN');
  }
  return {
    dryRun: readDryRun(headers[DRY_RUN]),
    limit: readWholeNumber(COST_LIMIT, headers[COST_LIMIT], 'answers'),
    maxAge,
  };
}

type HeaderValue = RequestHeaders[string];

function readDryRun(value: HeaderValue): boolean {
  if (value === undefined || value === '0') return false;
  if (value === '1' || value === 'true') return true;
  throw new QueryError(
    `The header ${DRY_RUN} must be 1 for an estimate, or 0 or absent for a purchase: nothing was bought.`,
  );
}

function readWholeNumber(name: string, value: HeaderValue, unit: string): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && WHOLE_NUMBER.test(value)) return Number(value);
  throw new QueryError(
    `The header ${name} must be a whole number of ${unit}, 0 or more, of at most 15 digits.`,
  );
}
