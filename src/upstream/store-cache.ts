import type { InFlight } from './flights/in-flight.js';
import { LeasedFlight, type LeasedFlightSettings } from './flights/leased-flight.js';
import type { Middleware } from './handler.js';

export interface StoreCacheSettings extends LeasedFlightSettings {
  /** Tracks calls, and the writes that follow them, until they are done. */
  readonly inFlight: InFlight;
}

/**
 * Buys only what the store does not hold, and one call at a time for one question across all processes and instances that
 * share the store. An answer is stored before it is served, so callers that had to wait find it; they get its failure too.
 * Where upstream fails, an answer past its TTL serves.
 */
export function storeCache(settings: StoreCacheSettings): Middleware {
  return (next) => async (call, context) => {
    const flight = new LeasedFlight(call, context, settings);
    const found = await flight.claim();
    return found ?? settings.inFlight.track(flight.run(next));
  };
}
