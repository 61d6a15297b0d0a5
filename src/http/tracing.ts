import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { FastifyReply, FastifyRequest } from 'fastify';

type RouteHandler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

/**
 * Runs a route handler in a server span, as part of the caller's trace (W3C Trace Context, `traceparent`).
 *
 * The gateway contains the OpenTelemetry API only: without an SDK, which the operator loads, this does nothing. No trace
 * header is sent to QCC.
 */
export function withServerSpan(handler: RouteHandler): RouteHandler {
  const tracer = trace.getTracer('endcase-gateway');
  return (request, reply) => {
    const parent = propagation.extract(context.active(), request.headers);
    return tracer.startActiveSpan('graphql', { kind: SpanKind.SERVER }, parent, async (span) => {
      try {
        return await handler(request, reply);
      } catch (error) {
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
      }
    });
  };
}
