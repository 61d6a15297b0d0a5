import type { Attempt, Attempts } from '../ledger/attempts.js';
import type { Call } from '../qcc/call.js';
import { QccError } from '../qcc/error.js';
import { withoutIdentities } from '../qcc/redaction.js';
import { statusRule } from '../qcc/statuses.js';
import type { CallContext, Middleware } from './handler.js';
import type { Budget } from './policy/budget.js';

/**
 * Accounts for each attempt: reserves it in the budget before it is made, writes its row in the ledger before its answer
 * is served (`CallContext.writes`), and refunds it where QCC did not bill it.
 */
export function reserve(budget: Budget, attempts: Attempts): Middleware {
  return (next) => async (call, context) => {
    const refund = await budget.reserve(context.client);
    const attempt = attempts.begin(detailsOf(call, context));
    try {
      const answer = await next(call, context);
      const { status, orderNumber } = answer;
      const written = attempt.settle({ status, orderNumber, billed: statusRule(status).billed }, true);
      if (context.writes) context.writes.push(written);
      else await written;
      return answer;
    } catch (error) {
      throw await settleFailure(error, attempt, refund);
    }
  };
}

function detailsOf<T>({ method, parameters }: Call<T>, { client, operation }: CallContext) {
  const subject = withoutIdentities(method.subject(parameters));
  return { client, operation: operation.name, method: method.name, subject };
}

/**
 * Accounts for a failed attempt, and once more if its answer arrives late. Resolves with the error to throw.
 *
 * A failure without upstream facts sent nothing: it leaves no row.
 */
async function settleFailure(
  error: unknown,
  attempt: Attempt,
  refund: () => Promise<void>,
): Promise<unknown> {
  if (!(error instanceof QccError) || error.upstream === undefined) {
    attempt.discard();
    await refund();
    return error;
  }
  const { late, upstream } = error;
  await attempt.settle(upstream, late === undefined);
  if (upstream.billed === false) await refund();
  if (late === undefined) return error;
  const settled = late.then(
    async (answer) => {
      const { status, orderNumber } = answer;
      await attempt.settle({ status, orderNumber, billed: statusRule(status).billed }, true);
      return answer;
    },
    async (failure: unknown) => {
      throw await settleFailure(failure, attempt, refund);
    },
  );
  // Whoever waits for the late answer handles its failure.
  settled.catch(() => undefined);
  return error.withLate(settled);
}
