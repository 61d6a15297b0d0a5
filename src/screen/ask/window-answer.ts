import { ScreenError } from '../errors.js';
import type { StopReason } from '../stop.js';
import { type CaseWindow, screenData } from './documents.js';
import type { GraphError, GraphReply } from './graph-client.js';

/** An error beside the data. */
interface Problem {
  readonly text: string;
  /** The field that has no value because of it. */
  readonly field: string | undefined;
}

/** What an operation says about one company. */
export type WindowAnswer =
  | {
      readonly kind: 'answered';
      readonly window: CaseWindow;
      readonly problems: readonly Problem[];
      /** Details that did not come. */
      readonly failures: readonly string[];
    }
  | { readonly kind: 'refused'; readonly outcome: 'invalid' | 'failed'; readonly error: string }
  /** A limit or a budget is used up, or the user has interrupted: the company is not done. */
  | { readonly kind: 'stopped'; readonly reason: StopReason };

/**
 * Reads what a response says about each of its companies.
 *
 * @throws ScreenError if the response has no data of the expected shape
 */
export function answersIn(reply: GraphReply, companies: number): WindowAnswer[] {
  const parsed = screenData.safeParse(reply.data);
  if (!parsed.success || parsed.data.companies.length !== companies) {
    const [error] = reply.errors;
    throw new ScreenError(
      error
        ? textOf(error)
        : 'The gateway sent an answer of an unexpected shape; it must be of this version.',
    );
  }
  const errors = errorsByCompany(reply.errors);
  return parsed.data.companies.map((company, index) =>
    answerOf(company?.endCases ?? null, errors.get(index) ?? []),
  );
}

function errorsByCompany(errors: readonly GraphError[]): Map<unknown, GraphError[]> {
  const byCompany = new Map<unknown, GraphError[]>();
  for (const error of errors) {
    const [, index] = error.path ?? [];
    byCompany.set(index, [...(byCompany.get(index) ?? []), error]);
  }
  return byCompany;
}

function answerOf(window: CaseWindow | null, errors: readonly GraphError[]): WindowAnswer {
  const missing = errors.filter(({ path }) => window === null || path?.at(-1) === 'detail');
  for (const error of missing) {
    const reason = stopReasonOf(error);
    if (reason) return { kind: 'stopped', reason };
  }
  if (window === null) {
    const [error] = errors;
    const outcome = error?.extensions.code === 'BAD_USER_INPUT' ? 'invalid' : 'failed';
    return {
      kind: 'refused',
      outcome,
      error: error ? textOf(error) : 'The gateway sent no answer and no error.',
    };
  }
  const problems = errors
    .filter((error) => !missing.includes(error))
    .map((error) => ({ text: textOf(error), field: fieldOf(error) }));
  return { kind: 'answered', window, problems, failures: missing.map(textOf) };
}

/** Undefined if the error does not end the buying. */
export function stopReasonOf({ message, extensions: { code } }: GraphError): StopReason | undefined {
  if (code === 'BUDGET_EXCEEDED') return { kind: 'budget', message };
  return code === 'COST_LIMIT_EXCEEDED' ? { kind: 'limit' } : undefined;
}

export function textOf({ message, extensions: { code } }: GraphError): string {
  return `${code}: ${message}`;
}

function fieldOf({ path }: GraphError): string | undefined {
  const last = path?.at(-1);
  return typeof last === 'string' ? last : undefined;
}
