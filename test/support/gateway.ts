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

// biome-ignore lint/suspicious/noExplicitAny: an answer's shape is its query's affair
export type Data = any;

export interface GraphResponse {
  readonly data: Data;
  readonly errors?: GraphError[];
  readonly extensions: { readonly cost: Data };
}

/** The JSON of a response, whatever it is. */
export function jsonOf(response: Response): Promise<Data> {
  return response.json();
}

/** A gateway before a sandbox, both real servers on free ports. */
export interface TestGateway {
  readonly gateway: Gateway;
  readonly sandbox: Sandbox;
  /** Its `DATA_DIR`. */
  readonly folder: string;
  query(query: string, variables?: object): Promise<GraphResponse>;
  post(body: object, init?: RequestInit): Promise<Response>;
  close(): Promise<void>;
}

export interface TestGatewayOptions extends Overrides {
  readonly env?: Record<string, string>;
  readonly latency?: number;
  /** An upstream that others ask too; it is left open. */
  readonly upstream?: Sandbox;
  /** A `DATA_DIR` that others use too; it is left there. */
  readonly folder?: string;
}

export async function startTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const { env = {}, latency = 0, upstream, folder, ...overrides } = options;
  const sandbox = upstream ?? (await startSandbox({ latency }));
  const data = folder ?? mkdtempSync(join(tmpdir(), 'endcase-'));
  const start = async () => {
    const config = parseConfig({
      PORT: '0',
      LOG_LEVEL: 'silent',
      QCC_KEY: SANDBOX_CREDENTIALS.key,
      QCC_SECRET_KEY: SANDBOX_CREDENTIALS.secretKey,
      QCC_BASE_URL: sandbox.url,
      DATA_DIR: data,
      ...env,
    });
    return createGateway(config, overrides);
  };
  const gateway = await start().catch(async (error: unknown) => {
    if (upstream === undefined) await sandbox.close();
    if (folder === undefined) rmSync(data, { recursive: true });
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
  return {
    gateway,
    sandbox,
    folder: data,
    post,
    query: async (query, variables) => {
      const response = await post({ query, variables });
      return (await response.json()) as GraphResponse;
    },
    async close() {
      // At once: a gateway waits for what it asked, and what hangs ends with the sandbox.
      await Promise.all([gateway.close(), upstream ? undefined : sandbox.close()]);
      if (folder === undefined) rmSync(data, { recursive: true });
    },
  };
}
