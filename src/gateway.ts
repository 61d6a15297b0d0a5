import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import type { Config } from './config.js';
import { createContext } from './graphql/context.js';
import { createGraphServer } from './graphql/server.js';
import { startHttp } from './http/server.js';
import { createClient } from './qcc/client.js';
import type { Credentials } from './qcc/signature.js';
import { createTransport } from './qcc/transport.js';
import { SANDBOX_CREDENTIALS, type Sandbox, startSandbox } from './sandbox/server.js';
import { compose } from './spend/ask.js';
import { Circuits, guarded } from './spend/guarded.js';
import { metered } from './spend/metered.js';
import { remembered } from './spend/remembered.js';
import { retried } from './spend/retried.js';
import { singleFlight } from './spend/single-flight.js';
import { Slots, slotted } from './spend/slots.js';

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

/** Puts the gateway together and starts it. The only place that knows every room. */
export async function createGateway(config: Config, overrides: Overrides = {}): Promise<Gateway> {
  const now = overrides.now ?? Date.now;
  const log = pino({ level: config.logLevel });
  const sandbox = config.credentials ? undefined : await startSandbox();
  const credentials: Credentials = config.credentials ?? SANDBOX_CREDENTIALS;
  const baseUrl = sandbox?.url ?? config.baseUrl;

  const transport = createTransport(baseUrl);
  const circuits = new Circuits(now);
  const ask = compose(
    singleFlight(config.timeout),
    remembered(now),
    retried(2 * config.timeout),
    slotted(new Slots(config.maxConcurrency)),
    guarded(circuits),
    metered,
  )(createClient(transport, { credentials, timeout: config.timeout }));

  const report = (reference: string, err: unknown) => {
    log.error({ reference, err }, 'a request failed inside the gateway');
  };
  const graph = createGraphServer({
    introspection: config.introspection,
    cost: { prices: config.prices, sandbox: sandbox !== undefined, extension: config.costExtension },
    report,
  });
  await graph.start();

  let ready = true;
  const http = await startHttp(config, {
    graph,
    contextFor: (caller, signal) => createContext(ask, caller, signal),
    health: { ready: () => ready, store: () => 'ok', upstream: () => circuits.state },
    report,
  });

  const upstream = sandbox
    ? `the embedded sandbox at ${baseUrl} (invented data, nothing is billed)`
    : baseUrl;
  return {
    url: http.url,
    sandbox,
    description: `Serving ${http.url} · upstream: ${upstream} · store: none, nothing is kept between requests`,
    async close() {
      ready = false;
      await sleep(config.drainDelay);
      await http.close();
      await graph.stop();
      await transport.close();
      await sandbox?.close();
    },
  };
}
