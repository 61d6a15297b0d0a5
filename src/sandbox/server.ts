import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MethodName } from '../qcc/methods.js';
import type { Credentials } from '../qcc/signature.js';
import { Answers } from './answers.js';
import { CallStatistics } from './call-statistics.js';
import { decide, type Parts } from './decision.js';
import { send } from './send.js';

/** What the sandbox takes where nothing else is said. */
export const SANDBOX_CREDENTIALS: Credentials = {
  key: 'sandbox-key-of-nobody',
  secretKey: 'sandbox-secret-of-nobody',
};

const BASE = '/api/yj';
const PATHS: ReadonlyMap<string, MethodName> = new Map([
  [`${BASE}/EndExecuteCaseCheck/GetList`, 'GetList'],
  [`${BASE}/EndExecuteCaseCheck/GetDetail`, 'GetDetail'],
]);
/** Milliseconds. Longer than clients pool connections, so that none is closed under a request about to leave. */
const KEEP_ALIVE = 60_000;

export interface SandboxOptions {
  readonly credentials?: Credentials;
  /** 0, the default, picks a free one. */
  readonly port?: number;
  /** Milliseconds before each answer. */
  readonly latency?: number;
}

/** QCC as its document has it, with invented data, on this machine alone. */
export interface Sandbox {
  /** What `QCC_BASE_URL` takes. */
  readonly url: string;
  readonly statistics: CallStatistics;
  /** Changes a company's list: it then holds its cases at these places, 0 the newest there ever was. */
  setList(searchKey: string, places: readonly number[]): void;
  /** Refuses every question with a status, until told otherwise. */
  setRefusal(status: string | undefined): void;
  close(): Promise<void>;
}

/** Listens on 127.0.0.1. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { credentials = SANDBOX_CREDENTIALS, port = 0, latency = 0 } = options;
  const statistics = new CallStatistics();
  const answers = new Answers();
  const parts: Parts = { credentials, latency, statistics, answers };
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE }, (request, response) => {
    answer(request, response, parts).catch((error: unknown) => {
      // A fault of the sandbox itself must not pass for one that a card plays.
      if (response.headersSent) response.destroy();
      else send(response, 500, { error: `the sandbox failed: ${String(error)}` });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  const bound = address !== null && typeof address === 'object' ? address.port : port;
  return {
    url: `http://127.0.0.1:${bound}${BASE}`,
    statistics,
    setList: (searchKey, places) => answers.setList(searchKey, places),
    setRefusal: (status) => {
      answers.refusing = status;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, parts: Parts): Promise<void> {
  const [path = '', ...rest] = (request.url ?? '').split('?');
  if (path === '/sandbox/statistics') return showStatistics(request, response, parts.statistics);
  const method = PATHS.get(path);
  if (method === undefined) return send(response, 404, { error: `nothing is served at ${path}` });
  if (request.method !== 'GET') return refuseVerb(response, 'GET');
  const { deliver, after } = decide(method, new URLSearchParams(rest.join('?')), request, parts);
  const wait = parts.latency + after;
  // Not referenced: an answer still to come holds up no process that has closed its sandbox.
  if (wait > 0) await sleep(wait, undefined, { ref: false });
  // Whoever left in the meantime must not start a drip that nobody ends.
  if (!response.destroyed) deliver(response);
}

function refuseVerb(response: ServerResponse, allowed: string): void {
  response.setHeader('allow', allowed);
  send(response, 405, { error: `only ${allowed} is taken` });
}

function showStatistics(
  request: IncomingMessage,
  response: ServerResponse,
  statistics: CallStatistics,
): void {
  const { method } = request;
  if (method !== 'GET' && method !== 'DELETE') {
    refuseVerb(response, 'GET, DELETE');
    return;
  }
  if (method === 'DELETE') statistics.reset();
  send(response, 200, statistics.toJSON());
}
