import type { Prices } from '../ledger/price.js';
import { QccError } from '../qcc/error.js';
import type { MethodName } from '../qcc/methods.js';
import { statusRule } from '../qcc/statuses.js';
import type { CallContext, Handler, Middleware } from './handler.js';

/** An attempt that has ended, as the log and the metrics tell of it: nothing of what was asked, or answered. */
export interface EndedAttempt {
  readonly requestId: string;
  readonly client: string;
  readonly operation: string | null;
  readonly method: MethodName;
  readonly status: string | null;
  /** Why there is no answer; null where there is one. */
  readonly code: string | null;
  readonly orderNumber: string | null;
  readonly billed: 'yes' | 'no' | 'maybe';
  /** Milliseconds. */
  readonly duration: number;
  /** Yuan; null where it is not known. */
  readonly price: string | null;
}

type Outcome = Pick<EndedAttempt, 'status' | 'code' | 'orderNumber'> & { readonly billed: boolean | null };

export const BILLED = { true: 'yes', false: 'no', null: 'maybe' } as const;

/** Tells of each attempt, once, when its asker is told. */
export function observed(prices: Prices | undefined, tell: (ended: EndedAttempt) => void): Middleware {
  return (next): Handler =>
    async (call, by) => {
      const began = performance.now();
      const ended = (outcome: Outcome) =>
        tell(describe(call.method, by, outcome, performance.now() - began, prices));
      try {
        const answer = await next(call, by);
        const { status, orderNumber } = answer;
        ended({ status, orderNumber, code: null, billed: statusRule(status).billed });
        return answer;
      } catch (error) {
        if (error instanceof QccError && error.upstream) ended({ ...error.upstream, code: error.code });
        throw error;
      }
    };
}

function describe(
  method: MethodName,
  { caller, operation }: CallContext,
  { status, code, orderNumber, billed }: Outcome,
  duration: number,
  prices: Prices | undefined,
): EndedAttempt {
  return {
    requestId: operation.requestId,
    client: caller,
    operation: operation.name,
    method,
    status,
    code,
    orderNumber,
    billed: BILLED[`${billed}`],
    duration,
    price: billed === null ? null : billed ? (prices?.[method] ?? null) : '0',
  };
}
