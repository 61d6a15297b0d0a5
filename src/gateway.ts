import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import type { Config } from './config.js';
import { type ContextParts, createContext } from './graphql/context.js';
import { createGraphServer } from './graphql/server.js';
import { Metrics } from './http/metrics.js';
import { startHttp } from './http/server.js';
import { createClient } from './qcc/client.js';
import type { Credentials } from './qcc/signature.js';
import { createTransport } from './qcc/transport.js';
import { SANDBOX_CREDENTIALS, type Sandbox, startSandbox } from './sandbox/server.js';
import { compose } from './spend/ask.js';
import { Budget, budgeted } from './spend/budget.js';
import { fresh } from './spend/fresh.js';
import { Circuits, guarded } from './spend/guarded.js';
import { kept } from './spend/kept.js';
import { Ledger, timeKey } from './spend/ledger.js';
import { metered } from './spend/metered.js';
import { Pending } from './spend/pending.js';
import { Provenance } from './spend/provenance.js';
import { Attempts } from './spend/recorded.js';
import { retried } from './spend/retried.js';
import { Savings } from './spend/savings.js';
import { Shelf } from './spend/shelf.js';
import { singleFlight } from './spend/single-flight.js';
import { Slots, slotted } from './spend/slots.js';
import { Tiers } from './spend/tiers.js';
import { UsageReport } from './spend/usage.js';
import { openStore, type StoreSettings } from './store/open.js';
import type { ReportFault } from './store/store.js';

export interface Gateway {
  /** Where GraphQL is served. */
  readonly url: string;
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

/** For how long, in milliseconds, rows are spooled that Redis has taken: a server that crashes may forget the last. */
const SPOOLED = 3_600_000;
const PRUNE_EVERY = 6 * 3_600_000;
/** Longest that closing may take after the drain delay, in milliseconds. */
const LONGEST_CLOSE = 10_000;

/** Puts the gateway together and starts it. The only place that knows every room. */
export async function createGateway(config: Config, overrides: Overrides = {}): Promise<Gateway> {
  const now = overrides.now ?? Date.now;
  const log = pino({ level: config.logLevel });
  const report = (what: string, err: unknown) => log.warn({ err }, what);
  const sandbox = config.credentials ? undefined : await startSandbox();
  const credentials: Credentials = config.credentials ?? SANDBOX_CREDENTIALS;
  const baseUrl = sandbox?.url ?? config.baseUrl;

  const store = await openStore(storeSettings(config, now, report));
  const { lifetimes } = config;
  const provenance = new Provenance(store, Math.max(lifetimes.detail, lifetimes.empty), now, report);
  const shelf = new Shelf(new Tiers(store, config.cacheMemory, report), { lifetimes, now, provenance });
  const ledger = new Ledger(store, report);
  const savings = new Savings(store, now, config.ledgerRetention, report);
  const usage = new UsageReport(ledger, savings, config.prices, now);
  const metrics = new Metrics({ store: () => store.health() });
  const pending = new Pending();
  const attempts = new Attempts(ledger, config.prices, now, (row) => metrics.upstreamCall(row));
  const budget = new Budget(store, config.budget, now, report);
  const transport = createTransport(baseUrl);
  const circuits = new Circuits(now);
  const ask = compose(
    fresh(shelf),
    singleFlight(config.timeout),
    kept({ shelf, store, timeout: config.timeout, report, pending, provenance }),
    retried(2 * config.timeout),
    slotted(new Slots(config.maxConcurrency)),
    guarded(circuits),
    budgeted(budget),
    attempts.recorded,
    metered,
  )(createClient(transport, { credentials, timeout: config.timeout, now }));

  const prune = () =>
    ledger.prune(now() - config.ledgerRetention).catch((error: unknown) => report('rows stay', error));
  const pruning = setInterval(prune, PRUNE_EVERY).unref();
  void prune();

  const reportFailure = (reference: string, err: unknown) => {
    log.error({ reference, err }, 'a request failed inside the gateway');
  };
  const graph = createGraphServer({
    introspection: config.introspection,
    cost: { prices: config.prices, sandbox: sandbox !== undefined, extension: config.costExtension },
    spending: {
      maxCalls: config.maxCallsPerOperation,
      maxEntities: config.maxEntities,
      mustHold: (calls, caller) => budget.mustHold(calls, caller),
    },
    report: reportFailure,
  });
  await graph.start();

  let ready = true;
  const parts: ContextParts = {
    ask,
    holdings: shelf,
    now,
    usage: (period, by) => usage.over(period, by),
    over: ({ caller, operation, meter }) => {
      savings.note(caller, operation.name, meter);
      for (const [how, counts] of Object.entries(meter.spared)) {
        for (const [method, count] of Object.entries(counts)) metrics.answersSpared(method, how, count);
      }
    },
  };
  const http = await startHttp(config, {
    graph,
    contextFor: (caller, signal) => createContext(parts, caller, signal),
    health: { ready: () => ready, store: () => store.health(), upstream: () => circuits.state },
    metrics,
    report: reportFailure,
  });

  const upstream = sandbox
    ? `the embedded sandbox at ${baseUrl} (invented data, nothing is billed)`
    : baseUrl;
  const place = config.redisUrl === undefined ? config.dataDir : `Redis, with a spool in ${config.dataDir}`;
  return {
    url: http.url,
    sandbox,
    description: `Serving ${http.url} · upstream: ${upstream} · store: ${place}`,
    async close() {
      ready = false;
      await sleep(config.drainDelay);
      const began = performance.now();
      await http.close();
      await pending.settled(Math.max(0, LONGEST_CLOSE - (performance.now() - began)));
      await attempts.giveUp();
      await graph.stop();
      clearInterval(pruning);
      await savings.close();
      await provenance.close();
      await transport.close();
      await store.close();
      await sandbox?.close();
    },
  };
}

/** Where this configuration keeps things. Invented data has a folder and keys of its own. */
export function storeSettings(config: Config, now: () => number, report: ReportFault): StoreSettings {
  const { credentials, baseUrl, dataDir, redisUrl } = config;
  const account = credentials && createHash('sha256').update(credentials.key).digest('hex').slice(0, 16);
  return {
    folder: credentials ? dataDir : join(dataDir, 'sandbox'),
    redisUrl,
    namespace: credentials ? `endcase ${baseUrl} ${account}` : 'endcase sandbox',
    spooledSince: () => timeKey(now() - SPOOLED),
    report,
  };
}
