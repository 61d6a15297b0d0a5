import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { getDetail, getList } from '../qcc/methods.js';
import { Answers } from './answers.js';
import { CallStatistics, type SandboxMethod } from './call-statistics.js';
import { decide, type SandboxState } from './decision.js';
import { sendJson } from './send.js';

const BASE = '/api/yj';
const METHODS: ReadonlyMap<string, SandboxMethod> = new Map([
  [`${BASE}/${getList.path}`, 'GetList'],
  [`${BASE}/${getDetail.path}`, 'GetDetail'],
]);
/** Milliseconds. Longer than clients pool connections, so that the sandbox closes none just as a client reuses it. */
const KEEP_ALIVE_TIMEOUT = 60_000;

export { SANDBOX_CREDENTIALS } from './protocol.js';

export interface SandboxOptions {
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
export async function startSandbox({ port = 0, latency = 0 }: SandboxOptions = {}): Promise<Sandbox> {
  const statistics = new CallStatistics();
  const answers = new Answers();
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_TIMEOUT }, (request, response) => {
    handle(request, response, { statistics, answers }, latency).catch((error: unknown) => {
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
  const isStatistics = path === '/sandbox/statistics';
  const method = METHODS.get(path);
  if (method === undefined && !isStatistics)
    return sendJson(response, 404, { error: `no such path: ${path}` });
  const allowed = isStatistics ? ['GET', 'DELETE'] : ['GET'];
  if (!allowed.includes(request.method ?? '')) {
    response.setHeader('allow', allowed);
    return sendJson(response, 405, { error: `method not allowed; use ${allowed.join(' or ')}` });
  }
  if (method === undefined) {
    if (request.method === 'DELETE') state.statistics.reset();
    return sendJson(response, 200, state.statistics);
  }
  const { respond, delay } = decide(method, new URLSearchParams(rest.join('?')), request.headers, state);
  const wait = latency + delay;
  // Without a reference, so that pending responses do not keep a process running that has closed its sandbox.
  if (wait > 0) await sleep(wait, undefined, { ref: false });
  // After a disconnect, a drip would never end.
  if (!response.destroyed) respond(response);
}
