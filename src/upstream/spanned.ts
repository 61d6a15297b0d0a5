import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { QccError } from '../qcc/error.js';
import { methods } from '../qcc/methods.js';
import type { Handler, Middleware } from './handler.js';

/**
 * Makes of each attempt a client span, by OpenTelemetry's conventions for HTTP: the path alone, for the query string holds
 * the key. Nothing of the trace is sent along.
 */
export const spanned: Middleware = (next): Handler => {
  const tracer = trace.getTracer('endcase-gateway');
  return (call, by) => {
    const template = `/${methods[call.method].path}`;
    const attributes = { 'http.request.method': 'GET', 'url.template': template, 'qcc.method': call.method };
    return tracer.startActiveSpan(`GET ${template}`, { kind: SpanKind.CLIENT, attributes }, async (span) => {
      try {
        const answer = await next(call, by);
        span.setAttribute('qcc.status', answer.status);
        if (answer.orderNumber !== null) span.setAttribute('qcc.order_number', answer.orderNumber);
        return answer;
      } catch (error) {
        span.setStatus({ code: SpanStatusCode.ERROR });
        if (error instanceof QccError) {
          span.setAttribute('error.type', error.code);
          if (error.upstream?.status) span.setAttribute('qcc.status', error.upstream.status);
        }
        throw error;
      } finally {
        span.end();
      }
    });
  };
};
