import { context, createContextKey, ROOT_CONTEXT } from '@opentelemetry/api';

/** What `suppressTracing` of `@opentelemetry/core` sets: SDKs and propagators honour it, whatever their version. */
const SUPPRESS_TRACING = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');
const UNTRACED = ROOT_CONTEXT.setValue(SUPPRESS_TRACING, true);

/**
 * Runs a function that sends a request to QCC. Instrumentations of an operator's OpenTelemetry SDK then export no span of
 * it, whose URL would hold the key, and add no trace header to it.
 */
export function untraced<T>(send: () => T): T {
  return context.with(UNTRACED, send);
}
