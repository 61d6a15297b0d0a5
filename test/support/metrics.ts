/** Reads one metric without labels from a gateway's `/metrics`. @throws Error where there is none of that name */
export async function readMetric(gatewayUrl: string, name: string): Promise<number> {
  const response = await fetch(new URL('/metrics', gatewayUrl));
  const text = await response.text();
  const value = new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1];
  if (value === undefined) throw new Error(`there is no metric ${name}`);
  return Number(value);
}

/** GraphQL requests that a gateway has accepted and not yet answered. */
export const requestsInFlight = (gatewayUrl: string) => readMetric(gatewayUrl, 'endcase_requests_in_flight');

/** Upstream calls that wait for a free slot. */
export const queueDepth = (gatewayUrl: string) => readMetric(gatewayUrl, 'endcase_upstream_queue_depth');
