import { type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { GatewayError } from '../errors.js';
import { type Prices, priceOf } from '../ledger/price.js';
import { billedLabel, type LedgerRow } from '../ledger/row.js';
import type { Call } from '../qcc/call.js';
import { QccError, sentNothing } from '../qcc/error.js';
import { statusRule } from '../qcc/statuses.js';
import type { CallContext, Middleware } from './handler.js';

/** An attempt that has ended, for the log and the metrics. It says nothing about the question or the answer. */
export interface AttemptEnd {
  readonly requestId: string;
  readonly client: string;
  readonly operation: string | null;
  readonly method: string;
  readonly status: string | null;
  /** The code of the error; null where there is an answer. */
  readonly code: string | null;
  readonly orderNumber: string | null;
  readonly billed: LedgerRow['billed'];
  /** Milliseconds. */
  readonly duration: number;
  /** Yuan; null where it is not known. */
  readonly price: string | null;
  /** What is unusual about the answer, which is served nevertheless. */
  readonly oddity: string | null;
}

/** How an attempt ended, by what is known when its caller gets the outcome. */
interface Outcome {
  readonly status: string | null;
  readonly orderNumber: string | null;
  readonly billed: boolean | null;
  readonly code: string | null;
  readonly oddity: string | null;
}

/**
 * Observes each attempt: a client span, the request's meter, and `onAttemptEnd` for log and metrics.
 *
 * The span follows OpenTelemetry's conventions for HTTP and shows the path only, since the query string holds the key. No
 * trace header is sent to QCC.
 */
export function instrument(prices: Prices | undefined, onAttemptEnd: (end: AttemptEnd) => void): Middleware {
  const tracer = trace.getTracer('endcase-gateway');
  return (next) => (call, context) => {
    const template = `/${call.method.path}`;
    const attributes = {
      'http.request.method': 'GET',
      'url.template': template,
      'qcc.method': call.method.name,
    };
    return tracer.startActiveSpan(`GET ${template}`, { kind: SpanKind.CLIENT, attributes }, async (span) => {
      const began = performance.now();
      const end = (outcome: Outcome) => {
        context.meter.count(call.method.name, outcome.billed, outcome.orderNumber);
        onAttemptEnd(describe(call, context, outcome, performance.now() - began, prices));
        describeSpan(span, outcome);
      };
      try {
        const answer = await next(call, context);
        const { status, orderNumber } = answer;
        const oddity = call.method.oddity?.(answer.data) ?? null;
        end({ status, orderNumber, billed: statusRule(status).billed, code: null, oddity });
        return answer;
      } catch (error) {
        span.setStatus({ code: SpanStatusCode.ERROR });
        if (!sentNothing(error)) end(failure(error));
        throw error;
      } finally {
        span.end();
      }
    });
  };
}

/** What an error says about its attempt. One that says nothing may have been thrown after the request was sent. */
function failure(error: unknown): Outcome {
  const code = error instanceof GatewayError ? error.code : 'INTERNAL_SERVER_ERROR';
  const upstream = error instanceof QccError ? error.upstream : undefined;
  return { status: null, orderNumber: null, billed: null, ...upstream, code, oddity: null };
}

function describe<T>(
  { method }: Call<T>,
  { client, operation }: CallContext,
  { status, code, orderNumber, billed, oddity }: Outcome,
  duration: number,
  prices: Prices | undefined,
): AttemptEnd {
  return {
    requestId: operation.requestId,
    client,
    operation: operation.name,
    method: method.name,
    status,
    code,
    orderNumber,
    billed: billedLabel(billed),
    duration,
    price: priceOf(method.name, billed, prices),
    oddity,
  };
}

function describeSpan(span: Span, { status, orderNumber, code }: Outcome): void {
  if (status) span.setAttribute('qcc.status', status);
  if (code) span.setAttribute('error.type', code);
  else if (orderNumber !== null) span.setAttribute('qcc.order_number', orderNumber);
}
