import { setTimeout as sleep } from 'node:timers/promises';
import { persistedOf, secretsOf } from './config/access.js';
import type { Config } from './config/config.js';
import { describeGuards } from './config/guards.js';
import { describeStorage, storeSettings } from './config/store-settings.js';
import type { OperationEnd } from './graphql/context.js';
import { type ContextParts, createContext } from './graphql/server/create-context.js';
import { unspent } from './graphql/server/response-cost.js';
import { nameSpan } from './graphql/server/response-plugin.js';
import { createGraphServer } from './graphql/server/server.js';
import { Admission } from './http/admission.js';
import { createAuthenticate } from './http/auth/authenticator.js';
import { JwtVerifier } from './http/auth/jwt-verifier.js';
import { RateLimiter } from './http/auth/rate-limiter.js';
import { type Health, watchHealth } from './http/health.js';
import { Metrics } from './http/metrics/metrics.js';
import { ResponseCache } from './http/response-cache.js';
import { startHttpServer } from './http/server.js';
import { Ledger } from './ledger/ledger.js';
import type { PostgresLedger } from './ledger/postgres/postgres-ledger.js';
import type { ShipperSettings } from './ledger/postgres/shipper.js';
import type { Tariff } from './ledger/price.js';
import { Savings } from './ledger/savings.js';
import { UncountedRows } from './ledger/uncounted-rows.js';
import { CounterUsage, UsageReport } from './ledger/usage.js';
import { createLog, type Log } from './log.js';
import { methods } from './qcc/methods.js';
import { createTransport } from './qcc/wire/transport.js';
import { cardIn } from './sandbox/cards.js';
import { SANDBOX_CREDENTIALS, type Sandbox, startSandbox } from './sandbox/server.js';
import { EmbeddedStore } from './store/embedded/embedded-store.js';
import { openOutbox, openStore, type StoreSettings } from './store/open-store.js';
import type { SharedStore } from './store/shared/shared-store.js';
import { createUpstream } from './upstream/create-upstream.js';

export interface Gateway {
  /** Where GraphQL is served. */
  readonly url: string;
  /** Where metrics are served, if on a port of their own. */
  readonly adminUrl: string | undefined;
  /** The embedded sandbox, if there are no credentials. */
  readonly sandbox: Sandbox | undefined;
  /** One line for the operator: its address, what limits spending, the upstream and the stores. */
  readonly description: string;
  /** Answers 503 in `/readyz` for the drain delay, then finishes what was accepted and stops. */
  close(): Promise<void>;
}

/** What a caller may replace or add. */
export interface Overrides {
  readonly log?: Log;
  /** Milliseconds since 1970: the clock of TTLs, circuits and budgets. For tests. */
  readonly now?: () => number;
  /** Called when everything is ready, right before the gateway listens. */
  readonly beforeListen?: () => Promise<void> | undefined;
}

const PRUNE_INTERVAL = 6 * 3_600_000;
/** The longest that closing may take after the drain delay, in milliseconds. */
const CLOSE_TIMEOUT = 10_000;
/** How long the counters of a rate limit are kept after their window, in milliseconds: clocks differ. */
const RATE_COUNTER_RETENTION = 60_000;

/** Assembles the gateway and starts it. The composition root: the only file that knows all layers. */
export async function createGateway(config: Config, overrides: Overrides = {}): Promise<Gateway> {
  const now = overrides.now ?? Date.now;
  const persisted = await persistedOf(config);
  const { log, flush } = overrides.log ?? createLog(config.logLevel, secretsOf(config));
  const report = (message: string, err: unknown) => {
    log.warn({ err }, message);
    // The log may be the only place that has a row of the ledger.
    void flush();
  };
  const reportFailure = (reference: string, err: unknown) => {
    log.error({ reference, err }, 'a request failed with an internal error');
  };

  const sandbox = config.credentials ? undefined : await startSandbox();
  const baseUrl = sandbox?.url ?? config.baseUrl;
  const transport = createTransport(baseUrl);
  const settings = storeSettings(config, now, report);
  const store = await openStore(settings);
  const postgres = await openPostgres(config.ledgerUrl, store, {
    ...settings,
    now,
    onReturn: () => log.info('PostgreSQL has the whole ledger again'),
  }).catch(async (error: unknown) => {
    await Promise.all([store.close(), sandbox?.close(), transport.close()]);
    throw error;
  });
  const retention = config.ledgerRetention;
  const ledger = new Ledger(postgres?.journal ?? store.journal, retention, report);
  const savings = new Savings(
    postgres?.counters ?? store.counters,
    { prices: config.prices, now, retention },
    report,
  );
  const usageSource = postgres?.usage ?? new CounterUsage(store.counters);
  const usage = new UsageReport(usageSource, savings, { now, retention }, report);
  const uncounted = new UncountedRows(ledger, store.counters, { now, retention }, report);
  const admission = new Admission();
  const metrics: Metrics = new Metrics({
    store: () => store.health(),
    ledgerBacklog: () => postgres?.backlog(),
    upstream: () => upstream.circuits.state,
    upstreamCalls: () => ({ waiting: upstream.limit.waiting, inFlight: upstream.limit.active }),
    requests: () => admission.requests,
    budgetLimit: config.budget.perDay,
    budgetLeft: () => upstream.budget.leftToday(),
    monthlyBudgetLimit: config.budget.perMonth,
    monthlyBudgetLeft: () => upstream.budget.leftThisMonth(),
  });
  const upstream = createUpstream(
    {
      ...config,
      credentials: config.credentials ?? SANDBOX_CREDENTIALS,
      now,
      // A card lets users try an error. It must not stop all other calls, as it would at QCC.
      circuitGroup: sandbox && cardIn,
    },
    {
      transport,
      store,
      ledger,
      report,
      onHit: (tier) => metrics.recordCacheHit(tier),
      onAttemptEnd: (end) => {
        metrics.recordUpstreamCall(end);
        if (end.oddity !== null) log.warn(end, 'QCC sent an unusual answer; the gateway serves it');
        // The ledger has every call. A failure is news to the operator.
        if (end.code !== null) log.info(end, 'upstream call');
        else log.debug(end, 'upstream call');
      },
    },
  );

  const tariff: Tariff = { methods: methods.map(({ name }) => name), prices: config.prices };
  const onOperationEnd = (end: OperationEnd) => {
    const { meter, ...operation } = end;
    savings.record(end.client, end.name, meter);
    metrics.recordOperation(end);
    if (log.isLevelEnabled('info')) log.info({ ...operation, cost: meter.cost(tariff) }, 'operation');
  };
  const cost = { tariff, sandbox: sandbox !== undefined, extension: config.costExtension };
  const graph = createGraphServer({
    introspection: config.introspection,
    persisted,
    logger: log,
    cost,
    spending: {
      maxCalls: config.maxCallsPerOperation,
      prices: config.prices,
      maxEntities: config.maxEntities,
      maxResultFields: config.maxResultFields,
      assertWithinBudget: (calls, client) => upstream.budget.assertWithinBudget(calls, client),
      admit: (...operation) => upstream.limit.admit(...operation),
    },
    report: reportFailure,
  });
  await graph.start();
  const contextParts: ContextParts = {
    handler: upstream.handler,
    cache: upstream.cache,
    now,
    usage: (...query) => usage.read(...query),
    onOperationEnd,
  };

  const responseCache =
    config.cacheResponses > 0
      ? new ResponseCache({
          maxBytes: config.cacheResponses,
          freeHeaders: unspent(cost).headers,
          stillServes: (dependencies) => upstream.cache.matches(dependencies),
          onHit: (operation, hits) => {
            nameSpan('query', operation.name);
            metrics.recordResponseCacheHit(hits);
            onOperationEnd(operation);
          },
        })
      : undefined;
  const jwtVerifier = config.auth.tokens && new JwtVerifier(config.auth.tokens, report);
  const rateLimiter =
    config.rateLimit &&
    new RateLimiter(
      config.rateLimit,
      async (window, client, count, until) => {
        const added = new Map([[client, count]]);
        const counts = await store.counters.add(window, added, until + RATE_COUNTER_RETENTION);
        return counts.get(client) ?? 0;
      },
      now,
    );
  let isReady = true;
  const health: Health = {
    ready: () => isReady,
    store: () => store.health(),
    ledger: () => ledger.health(),
    upstream: () => upstream.circuits.state,
  };
  await overrides.beforeListen?.();
  const http = await startHttpServer(config, {
    graphql: {
      graph,
      admission,
      authenticate: createAuthenticate(config.auth.keys, jwtVerifier),
      rateLimiter,
      responseCache,
      landingPage: config.introspection,
      now,
      createContext: (caller, arrival) => createContext(contextParts, caller, arrival),
    },
    health,
    metrics,
    logRefusal: (refusal) => log.info(refusal, 'request refused'),
    unspent: unspent(cost),
    report: reportFailure,
  }).catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
  const stopWatch = watchHealth(health, (change) => {
    log[change.to === 'ok' ? 'info' : 'warn'](change, 'health changed');
  });
  const prune = () =>
    ledger
      .prune(now() - retention)
      .catch((error: unknown) => report('old rows of the ledger could not be removed', error));
  const pruneTimer = setInterval(prune, PRUNE_INTERVAL).unref();
  void prune();
  // In PostgreSQL, the rows themselves are counted.
  if (!postgres) void uncounted.count();
  if (!(store instanceof EmbeddedStore)) postgres?.move(() => store.ledgerInRedis(), retention);

  const source = sandbox ? `the embedded sandbox at ${baseUrl} (invented data, nothing is billed)` : baseUrl;
  return {
    url: http.url,
    adminUrl: http.adminUrl,
    sandbox,
    description: `Serving ${http.url} · ${describeGuards(config)} · upstream: ${source} · ${describeStorage(config)}`,
    async close() {
      isReady = false;
      await sleep(config.drainDelay);
      const began = performance.now();
      await http.close();
      stopWatch();
      await upstream.settle(Math.max(0, CLOSE_TIMEOUT - (performance.now() - began)));
      await graph.stop();
      jwtVerifier?.close();
      clearInterval(pruneTimer);
      uncounted.stop();
      await savings.close();
      await postgres?.close();
      await transport.close();
      await store.close();
      await sandbox?.close();
      await flush();
    },
  };
}

/** Opens the ledger in PostgreSQL; undefined without a URL. Only then is its client loaded, which takes part of a start. */
async function openPostgres(
  url: string | undefined,
  store: EmbeddedStore | SharedStore,
  settings: StoreSettings & ShipperSettings,
): Promise<PostgresLedger | undefined> {
  if (url === undefined) return undefined;
  const { openPostgresLedger } = await import('./ledger/postgres/postgres-ledger.js');
  return openPostgresLedger(url, store instanceof EmbeddedStore ? store : openOutbox(settings), settings);
}
