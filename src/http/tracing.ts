import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { FastifyReply, FastifyRequest } from 'fastify';

type RouteHandler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

/**
 * Serves within the trace that the caller's headers tell of (W3C Trace Context), as a span of it. Without an OpenTelemetry
 * SDK, which is the operator's to load, this does nothing. None of it goes upstream: no header is made of it there.
 */
export function traced(handler: RouteHandler): RouteHandler {
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
