import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '../../src/config/config.js';
import { createGateway, type Gateway, type Overrides } from '../../src/gateway.js';
import { SANDBOX_CREDENTIALS, type Sandbox, startSandbox } from '../../src/sandbox/server.js';

export interface GraphError {
  readonly message: string;
  readonly path?: (string | number)[];
  readonly extensions: Record<string, unknown>;
}

// biome-ignore lint/suspicious/noExplicitAny: the shape of an answer depends on its query
export type Data = any;

export interface GraphResponse {
  readonly data: Data;
  readonly errors?: GraphError[];
  readonly extensions: { readonly cost: Data };
}

/** The parsed body of a response. */
export function jsonOf(response: Response): Promise<Data> {
  return response.json();
}

/** A gateway in front of a sandbox: both are real servers, on free ports. */
export interface TestGateway {
  readonly gateway: Gateway;
  /** Its GraphQL endpoint. */
  readonly url: string;
  readonly sandbox: Sandbox;
  /** Its `DATA_DIR`. */
  readonly folder: string;
  query(query: string, variables?: object): Promise<GraphResponse>;
  post(body: object, init?: RequestInit): Promise<Response>;
  /** Stops the gateway. The sandbox stays open, and `folder` stays where it is. */
  stop(): Promise<void>;
  /** Stops the gateway and what was started with it. */
  close(): Promise<void>;
}

export interface TestGatewayOptions extends Overrides {
  readonly env?: Record<string, string>;
  /** Milliseconds before each answer of the sandbox. */
  readonly latency?: number;
  /** A sandbox to use in place of a new one. `close` leaves it open. */
  readonly upstream?: Sandbox;
  /** A `DATA_DIR` to use in place of a new one. `close` leaves it in place. */
  readonly folder?: string;
}

export async function startTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const { env = {}, latency = 0, upstream, folder, ...overrides } = options;
  const sandbox = upstream ?? (await startSandbox({ latency }));
  const dataDir = folder ?? mkdtempSync(join(tmpdir(), 'endcase-'));
  const start = async () => {
    const config = parseConfig({
      PORT: '0',
      LOG_LEVEL: 'silent',
      QCC_KEY: SANDBOX_CREDENTIALS.key,
      QCC_SECRET_KEY: SANDBOX_CREDENTIALS.secretKey,
      QCC_BASE_URL: sandbox.url,
      DATA_DIR: dataDir,
      ...env,
    });
    return createGateway(config, overrides);
  };
  const gateway = await start().catch(async (error: unknown) => {
    if (upstream === undefined) await sandbox.close();
    if (folder === undefined) rmSync(dataDir, { recursive: true });
    throw error;
  });
  const post = (body: object, init: RequestInit = {}) => {
    const { headers, ...rest } = init;
    return fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...Object.fromEntries(new Headers(headers)) },
      body: JSON.stringify(body),
      ...rest,
    });
  };
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= gateway.close();
    return stopped;
  };
  return {
    gateway,
    url: gateway.url,
    sandbox,
    folder: dataDir,
    post,
    query: async (query, variables) => {
      const response = await post({ query, variables });
      return (await response.json()) as GraphResponse;
    },
    stop,
    async close() {
      // In parallel: the gateway waits for its calls, and closing the sandbox ends those that hang.
      await Promise.all([stop(), upstream ? undefined : sandbox.close()]);
      if (folder === undefined) rmSync(dataDir, { recursive: true });
    },
  };
}
