import { AnswerCache } from '../cache/answer-cache.js';
import type { Lifetimes } from '../cache/answer-items.js';
import { TieredCache } from '../cache/tiered-cache.js';
import { Attempts } from '../ledger/attempts.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Prices } from '../ledger/price.js';
import { type ClientSettings, createClient } from '../qcc/wire/client.js';
import type { Transport } from '../qcc/wire/transport.js';
import type { ReportFault, Store } from '../store/store.js';
import { circuitBreaker } from './circuit-breaker.js';
import { concurrencyLimit } from './concurrency-limit.js';
import { InFlight } from './flights/in-flight.js';
import { staleServer } from './flights/stale.js';
import { compose, type Handler } from './handler.js';
import { type AttemptEnd, instrument } from './instrument.js';
import { memoryCache, type Tier } from './memory-cache.js';
import { Budget } from './policy/budget.js';
import type { BudgetLimits } from './policy/budget-periods.js';
import { type CircuitGroup, CircuitGroups } from './policy/circuit-groups.js';
import type { Circuits } from './policy/circuits.js';
import { ConcurrencyLimit } from './policy/concurrency-limit.js';
import { reserve } from './reserve.js';
import { retry } from './retry.js';
import { singleFlight } from './single-flight.js';
import { storeCache } from './store-cache.js';

export interface UpstreamSettings extends ClientSettings {
  /** Calls in flight at once. */
  readonly maxConcurrency: number;
  readonly lifetimes: Lifetimes;
  /** Bytes that decoded answers may take in memory. */
  readonly cacheMemory: number;
  readonly budget: BudgetLimits;
  readonly prices: Prices | undefined;
  /** Undefined: a refusal of the account stops all of its calls. */
  readonly circuitGroup?: CircuitGroup | undefined;
}

export interface UpstreamParts {
  readonly transport: Transport;
  readonly store: Store;
  readonly ledger: Ledger;
  readonly report: ReportFault;
  readonly onHit: (tier: Tier) => void;
  readonly onAttemptEnd: (end: AttemptEnd) => void;
}

/** Everything between a resolver and the wire. */
export interface Upstream {
  readonly handler: Handler;
  readonly cache: AnswerCache;
  readonly budget: Budget;
  readonly circuits: Circuits;
  readonly limit: ConcurrencyLimit;
  /** Waits for calls in flight, at most `timeout` milliseconds. The rest stay maybe billed in the ledger. */
  settle(timeout: number): Promise<void>;
}

/** Builds the chain of handlers. docs/architecture.md says why it has this order. */
export function createUpstream(settings: UpstreamSettings, parts: UpstreamParts): Upstream {
  const { timeout, prices, now } = settings;
  const { store, ledger, report, onHit } = parts;
  // All attempts for one answer share this time.
  const deadline = 2 * timeout;
  const cache = new AnswerCache(
    new TieredCache(store, settings.cacheMemory, report),
    settings.lifetimes,
    now,
  );
  const serveStale = staleServer(cache);
  const inFlight = new InFlight();
  const limit = new ConcurrencyLimit(settings.maxConcurrency, deadline);
  const circuits = new CircuitGroups(now, settings.circuitGroup);
  const budget = new Budget(store.counters, settings.budget, now, report);
  const attempts = new Attempts(ledger, prices, now);
  const handler = compose(
    memoryCache(cache, onHit),
    singleFlight(timeout, serveStale),
    storeCache({ cache, leases: store.leases, timeout, deadline, serveStale, report, onHit, inFlight }),
    retry(deadline),
    concurrencyLimit(limit),
    circuitBreaker(circuits),
    reserve(budget, attempts),
    instrument(prices, parts.onAttemptEnd),
  )(createClient(parts.transport, settings));
  return {
    handler,
    cache,
    budget,
    circuits: circuits.account,
    limit,
    settle: (settleTimeout) => inFlight.settled(settleTimeout),
  };
}
