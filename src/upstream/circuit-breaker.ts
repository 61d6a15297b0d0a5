import type { Middleware } from './handler.js';
import type { CircuitGroups } from './policy/circuit-groups.js';

/** Stops calls that are known to fail. It runs inside the slot, so that queued calls are judged by the latest state. */
export function circuitBreaker(circuits: CircuitGroups): Middleware {
  return (next) => async (call, context) => {
    const settle = circuits.of(call).enter(call.method.name);
    try {
      const answer = await next(call, context);
      settle(undefined);
      return answer;
    } catch (error) {
      settle(error);
      throw error;
    }
  };
}
