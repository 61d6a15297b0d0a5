import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { methods } from '../qcc/methods.js';
import type { Credentials } from '../qcc/signature.js';
import { Answers } from './answers.js';
import { type CallStatistics, createCallStatistics } from './call-statistics.js';
import { decide, isSandboxMethod, type SandboxState } from './decision.js';
import { sendJson } from './send.js';

/** The credentials that the sandbox accepts by default. */
export const SANDBOX_CREDENTIALS: Credentials = {
  key: 'sandbox-key-of-nobody',
  secretKey: 'sandbox-secret-of-nobody',
};

const BASE = '/api/yj';
/** The name of the method behind each path. */
const METHOD_NAMES: ReadonlyMap<string, string> = new Map(
  methods.map(({ name, path }) => [`${BASE}/${path}`, name]),
);
/** Milliseconds. Longer than clients pool connections, so that the sandbox closes none just as a client reuses it. */
const KEEP_ALIVE_TIMEOUT = 60_000;

export interface SandboxOptions {
  readonly credentials?: Credentials;
  /** 0, the default, picks a free port. */
  readonly port?: number;
  /** Milliseconds before each response. */
  readonly latency?: number;
}

/** An HTTP server that behaves as QCC's document says, with invented data. */
export interface Sandbox {
  /** The value for `QCC_BASE_URL`. */
  readonly url: string;
  readonly statistics: CallStatistics;
  /** Replaces a company's list by the cases with the given indexes, in this order; 0 is the newest case. */
  setList(searchKey: string, indexes: readonly number[]): void;
  /** Refuses every call with this status; undefined ends it. */
  setRefusal(status: string | undefined): void;
  close(): Promise<void>;
}

/** Starts a sandbox on 127.0.0.1. @throws Error if the port is in use */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { credentials = SANDBOX_CREDENTIALS, port = 0, latency = 0 } = options;
  const statistics = createCallStatistics();
  const answers = new Answers();
  const state: SandboxState = { credentials, statistics, answers };
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_TIMEOUT }, (request, response) => {
    handle(request, response, state, latency).catch((error: unknown) => {
      // An error of the sandbox itself must not look like the outcome of a card.
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, { error: `sandbox error: ${String(error)}` });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  const boundPort = address !== null && typeof address === 'object' ? address.port : port;
  return {
    url: `http://127.0.0.1:${boundPort}${BASE}`,
    statistics,
    setList: (searchKey, indexes) => answers.setList(searchKey, indexes),
    setRefusal: (status) => {
      answers.refusal = status;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  state: SandboxState,
  latency: number,
): Promise<void> {
  const [path = '', ...rest] = (request.url ?? '').split('?');
  if (path === '/sandbox/statistics') return handleStatistics(request, response, state.statistics);
  const method = METHOD_NAMES.get(path);
  if (!isSandboxMethod(method)) return sendJson(response, 404, { error: `no such path: ${path}` });
  if (request.method !== 'GET') return refuseHttpMethod(response, 'GET');
  const { respond, delay } = decide(method, new URLSearchParams(rest.join('?')), request, state);
  const wait = latency + delay;
  // Without a reference, so that pending responses do not keep a process running that has closed its sandbox.
  if (wait > 0) await sleep(wait, undefined, { ref: false });
  // After a disconnect, a drip would never end.
  if (!response.destroyed) respond(response);
}

function handleStatistics(
  request: IncomingMessage,
  response: ServerResponse,
  statistics: CallStatistics,
): void {
  const { method } = request;
  if (method !== 'GET' && method !== 'DELETE') {
    refuseHttpMethod(response, 'GET, DELETE');
    return;
  }
  if (method === 'DELETE') statistics.reset();
  sendJson(response, 200, statistics.toJSON());
}

function refuseHttpMethod(response: ServerResponse, allowed: string): void {
  response.setHeader('allow', allowed);
  sendJson(response, 405, { error: `method not allowed; use ${allowed}` });
}
