import { trace } from '@opentelemetry/api';

/**
 * Names the span of the request by OpenTelemetry's semantic conventions for GraphQL.
 *
 * @param type query, mutation or subscription
 */
export function nameSpan(type: string, name: string | null | undefined): void {
  const span = trace.getActiveSpan();
  span?.updateName(type).setAttribute('graphql.operation.type', type);
  if (name) span?.setAttribute('graphql.operation.name', name);
}
