import type { Attempt, AttemptOutcome, Attempts } from '../ledger/attempts.js';
import type { Answer, Call } from '../qcc/call.js';
import { QccError, sentNothing } from '../qcc/error.js';
import { statusRule } from '../qcc/statuses.js';
import { withoutIdentities } from '../qcc/text/redaction.js';
import type { CallContext, Middleware } from './handler.js';
import type { Budget, Refund } from './policy/budget.js';

/**
 * Accounts for each attempt. Before it is made, reserves it in the budget and writes its row in the ledger, as maybe
 * billed. Before its answer is served (`CallContext.writes`), settles the row. Refunds what QCC did not bill.
 *
 * @throws StoreUnavailable where the row cannot be written: then nothing is bought
 */
export function reserve(budget: Budget, attempts: Attempts): Middleware {
  return (next) => async (call, context) => {
    const { attempt, refund } = await begin(
      attempts.begin(detailsOf(call, context)),
      budget.reserve(context.client),
    );
    try {
      const answer = await next(call, context);
      const written = attempt.settle(outcomeOf(answer));
      if (context.writes) context.writes.push(written);
      else await written;
      return answer;
    } catch (error) {
      throw await settleFailure(error, attempt, refund);
    }
  };
}

/** Waits for the row and the reservation, which one commit holds. If one of them fails, takes the other back. */
async function begin(
  row: Promise<Attempt>,
  reservation: Promise<Refund>,
): Promise<{ readonly attempt: Attempt; readonly refund: Refund }> {
  const [written, reserved] = await Promise.allSettled([row, reservation]);
  if (written.status === 'rejected') {
    if (reserved.status === 'fulfilled') await reserved.value();
    throw written.reason;
  }
  if (reserved.status === 'rejected') {
    await written.value.discard();
    throw reserved.reason;
  }
  return { attempt: written.value, refund: reserved.value };
}

function detailsOf<T>({ method, parameters }: Call<T>, { client, operation }: CallContext) {
  const subject = withoutIdentities(method.subject(parameters));
  return { client, operation: operation.name, method: method.name, subject };
}

function outcomeOf({ status, orderNumber }: Answer<unknown>): AttemptOutcome {
  return { status, orderNumber, billed: statusRule(status).billed };
}

/**
 * Accounts for a failed attempt, and once more if its answer arrives late. Resolves with the error to throw.
 *
 * An error that does not say what happened upstream, such as a fault of this program, may have been thrown after the
 * request was sent. The attempt then stays maybe billed.
 */
async function settleFailure(error: unknown, attempt: Attempt, refund: Refund): Promise<unknown> {
  if (sentNothing(error)) {
    await Promise.all([attempt.discard(), refund()]);
    return error;
  }
  if (!(error instanceof QccError) || error.upstream === undefined) {
    await attempt.settle({ status: null, orderNumber: null, billed: null });
    return error;
  }
  const { late, upstream } = error;
  await attempt.settle(upstream);
  if (upstream.billed === false) await refund();
  if (late === undefined) return error;
  const settled = late.then(
    async (answer) => {
      await attempt.settle(outcomeOf(answer));
      return answer;
    },
    async (failure: unknown) => {
      throw await settleFailure(failure, attempt, refund);
    },
  );
  // Those who wait for the late answer handle its failure.
  settled.catch(() => undefined);
  return error.withLate(settled);
}
