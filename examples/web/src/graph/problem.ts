import { CombinedGraphQLErrors, ServerError } from '@apollo/client';
import { type Estimate, readEstimate } from '../money/estimate';

/** An error as the page handles it. */
export interface Problem {
  /** A code of the gateway (docs/errors.md), or `OFFLINE` if no answer came from it. */
  readonly code: string;
  readonly path: readonly (string | number)[];
  /** Seconds after which the same may succeed. */
  readonly retryAfter: number | undefined;
  readonly retryable: boolean;
  readonly estimate: Estimate | undefined;
  /** The budget that is used up, such as `BUDGET_PER_DAY`. */
  readonly budget: string | undefined;
  /** A value as QCC sent it that cannot be read. */
  readonly raw: string | undefined;
  /** What finds the cause in the gateway's log. */
  readonly reference: string | undefined;
}

const BARE = {
  path: [],
  retryAfter: undefined,
  estimate: undefined,
  budget: undefined,
  raw: undefined,
  reference: undefined,
};

const BY_STATUS: Readonly<Record<number, string>> = {
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  429: 'RATE_LIMITED',
  503: 'OVERLOADED',
};

const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined);
const numberOf = (value: unknown) => (typeof value === 'number' ? value : undefined);

function nameOf(budget: unknown): string | undefined {
  return typeof budget === 'object' && budget !== null ? textOf(Reflect.get(budget, 'name')) : undefined;
}

type GraphError = CombinedGraphQLErrors['errors'][number];

function fromGraph({ path = [], extensions = {} }: GraphError): Problem {
  return {
    code: textOf(extensions.code) ?? 'INTERNAL_SERVER_ERROR',
    path,
    retryAfter: numberOf(extensions.retryAfter),
    retryable: extensions.retryable === true,
    estimate: readEstimate(extensions.estimate),
    budget: nameOf(extensions.budget),
    raw: textOf(extensions.raw),
    reference: textOf(extensions.reference),
  };
}

/** Reads what Apollo Client gives as the error of an operation. */
export function problemsOf(error: Error | undefined): Problem[] {
  if (error === undefined) return [];
  if (CombinedGraphQLErrors.is(error)) return error.errors.map(fromGraph);
  const code = ServerError.is(error) ? BY_STATUS[error.statusCode] : undefined;
  return [{ ...BARE, code: code ?? 'OFFLINE', retryable: true }];
}
