import { setTimeout as sleep } from 'node:timers/promises';
import { AnswerCache } from './cache/answer-cache.js';
import { TieredCache } from './cache/tiered-cache.js';
import { callersOf, persistedOf, secretsOf } from './config/access.js';
import type { Config } from './config/config.js';
import { storeSettings } from './config/store-settings.js';
import { type ContextParts, createContext, type FinishedOperation } from './graphql/context.js';
import { unspent } from './graphql/server/cost-plugin.js';
import { createGraphServer } from './graphql/server/server.js';
import { nameSpan } from './graphql/server/span.js';
import { Admission } from './http/admission.js';
import { RateLimiter } from './http/auth/rate-limiter.js';
import { Tokens } from './http/auth/tokens.js';
import { Metrics } from './http/metrics.js';
import { ResponseCache } from './http/response-cache.js';
import { startHttp } from './http/server.js';
import { Ledger } from './ledger/ledger.js';
import { Savings } from './ledger/savings.js';
import { UsageReport } from './ledger/usage.js';
import { createLog } from './log.js';
import type { Credentials } from './qcc/signature.js';
import { createClient } from './qcc/wire/client.js';
import { createTransport } from './qcc/wire/transport.js';
import { SANDBOX_CREDENTIALS, type Sandbox, startSandbox } from './sandbox/server.js';
import { openStore } from './store/open.js';
import { Circuits, guarded } from './upstream/circuit-breaker.js';
import { ConcurrencyLimit, slotted } from './upstream/concurrency-limit.js';
import { InFlight } from './upstream/flights/in-flight.js';
import { compose } from './upstream/handler.js';
import { type EndedAttempt, observed } from './upstream/instrument.js';
import { fresh, type Layer } from './upstream/memory-cache.js';
import { metered } from './upstream/metered.js';
import { Budget, budgeted } from './upstream/policy/budget.js';
import { Attempts } from './upstream/reserve.js';
import { retried } from './upstream/retry.js';
import { singleFlight } from './upstream/single-flight.js';
import { spanned } from './upstream/spanned.js';
import { kept } from './upstream/store-cache.js';

export interface Gateway {
  /** Where GraphQL is served. */
  readonly url: string;
  /** Where metrics are, if they are not beside it. */
  readonly adminUrl: string | undefined;
  /** The embedded sandbox, where there are no credentials. */
  readonly sandbox: Sandbox | undefined;
  /** What a person should know of it, in one line. */
  readonly description: string;
  /** Says 503 in `/readyz` for the drain delay, then finishes what was accepted and stops. */
  close(): Promise<void>;
}

/** What a test may put in the place of a real part. */
export interface Overrides {
  /** Milliseconds since 1970: the clock of circuits and of remembered refusals. */
  readonly now?: () => number;
}

const PRUNE_EVERY = 6 * 3_600_000;
/** Longest that closing may take after the drain delay, in milliseconds. */
const MAX_CLOSE = 10_000;
/** For how long the counters of a rate limit outlive their window, in milliseconds: clocks differ. */
const RATE_KEPT = 60_000;

/** Puts the gateway together and starts it. The only place that knows every room. */
export async function createGateway(config: Config, overrides: Overrides = {}): Promise<Gateway> {
  const now = overrides.now ?? Date.now;
  const persisted = await persistedOf(config);
  const { log, flush } = createLog(config.logLevel, secretsOf(config));
  const report = (what: string, err: unknown) => {
    log.warn({ err }, what);
    // It may be the last that is told of a row of the ledger.
    void flush();
  };
  const sandbox = config.credentials ? undefined : await startSandbox();
  const credentials: Credentials = config.credentials ?? SANDBOX_CREDENTIALS;
  const baseUrl = sandbox?.url ?? config.baseUrl;

  const store = await openStore(storeSettings(config, now, report));
  const { lifetimes } = config;
  const shelf = new AnswerCache(new TieredCache(store, config.cacheMemory, report), {
    lifetimes,
    now,
  });
  const ledger = new Ledger(store, report);
  const savings = new Savings(store, now, config.ledgerRetention, report);
  const usage = new UsageReport(ledger, savings, config.prices, now);
  const slots = new ConcurrencyLimit(config.maxConcurrency, 2 * config.timeout);
  const circuits = new Circuits(now);
  const budget = new Budget(store, config.budget, now, report);
  const admission = new Admission();
  const metrics = new Metrics({
    store: () => store.health(),
    upstream: () => circuits.state,
    queue: () => slots,
    requests: () => admission.requests,
    budgetLimit: config.budget.perDay,
    budgetLeft: () => budget.left(),
  });
  const attemptEnded = (ended: EndedAttempt) => {
    metrics.upstreamCall(ended);
    log.info(ended, 'upstream call');
  };
  const hit = (layer: Layer) => metrics.cacheHit(layer);
  const pending = new InFlight();
  const attempts = new Attempts(ledger, config.prices, now);
  const transport = createTransport(baseUrl);
  const ask = compose(
    fresh(shelf, hit),
    singleFlight(config.timeout),
    kept({ shelf, store, timeout: config.timeout, report, hit, pending }),
    retried(2 * config.timeout),
    slotted(slots),
    guarded(circuits),
    budgeted(budget),
    attempts.recorded,
    spanned,
    observed(config.prices, attemptEnded),
    metered,
  )(createClient(transport, { credentials, timeout: config.timeout, now }));

  const prune = () =>
    ledger.prune(now() - config.ledgerRetention).catch((error: unknown) => report('rows stay', error));
  const pruning = setInterval(prune, PRUNE_EVERY).unref();
  void prune();

  const reportFailure = (reference: string, err: unknown) => {
    log.error({ reference, err }, 'a request failed inside the gateway');
  };
  const cost = { prices: config.prices, sandbox: sandbox !== undefined, extension: config.costExtension };
  const graph = createGraphServer({
    introspection: config.introspection,
    persisted,
    logger: log,
    cost,
    spending: {
      maxCalls: config.maxCallsPerOperation,
      maxEntities: config.maxEntities,
      async assertWithinBudget(calls, caller) {
        slots.assertCapacity(calls);
        await budget.assertWithinBudget(calls, caller);
      },
    },
    report: reportFailure,
  });
  await graph.start();

  let ready = true;
  const over = (finished: FinishedOperation) => {
    const { meter, ...told } = finished;
    savings.note(finished.client, finished.name, meter);
    metrics.operation(finished);
    if (log.isLevelEnabled('info')) log.info({ ...told, cost: meter.cost(config.prices) }, 'operation');
  };
  const parts: ContextParts = {
    ask,
    cacheReader: shelf,
    now,
    usage: (period, by) => usage.over(period, by),
    over,
  };
  const finished =
    config.cacheResponses > 0
      ? new ResponseCache({
          memory: config.cacheResponses,
          stillServes: (dependencies) => shelf.stillServes(dependencies),
          over: (operation, answers) => {
            nameSpan('query', operation.name);
            metrics.operationReplayed(answers);
            over(operation);
          },
        })
      : undefined;
  const tokens = config.auth.tokens && new Tokens(config.auth.tokens, report);
  const rate =
    config.rateLimit &&
    new RateLimiter(
      config.rateLimit,
      async (window, client, more, until) =>
        (await store.add(window, { [client]: more }, until + RATE_KEPT))[client] ?? 0,
      now,
    );
  const http = await startHttp(config, {
    graphql: {
      graph,
      callers: callersOf(config, tokens),
      admission,
      rate,
      finished,
      explorer: config.introspection,
      contextFor: (caller, requestId, arrived) => createContext(parts, caller, requestId, arrived),
    },
    health: { ready: () => ready, store: () => store.health(), upstream: () => circuits.state },
    metrics,
    unspent: unspent(cost),
    report: reportFailure,
  });

  const upstream = sandbox
    ? `the embedded sandbox at ${baseUrl} (invented data, nothing is billed)`
    : baseUrl;
  const place = config.redisUrl === undefined ? config.dataDir : `Redis, with a spool in ${config.dataDir}`;
  return {
    url: http.url,
    adminUrl: http.adminUrl,
    sandbox,
    description: `Serving ${http.url} · upstream: ${upstream} · store: ${place}`,
    async close() {
      ready = false;
      await sleep(config.drainDelay);
      const began = performance.now();
      await http.close();
      await pending.settled(Math.max(0, MAX_CLOSE - (performance.now() - began)));
      await attempts.giveUp();
      await graph.stop();
      tokens?.close();
      clearInterval(pruning);
      await savings.close();
      await transport.close();
      await store.close();
      await sandbox?.close();
      await flush();
    },
  };
}
