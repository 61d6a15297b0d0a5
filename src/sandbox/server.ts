import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MethodName } from '../qcc/methods.js';
import type { Credentials } from '../qcc/signature.js';
import { statusRule } from '../qcc/statuses.js';
import { Answers, methodOf } from './answers.js';
import { playOf } from './cards.js';
import { misbehave } from './faults.js';
import { emptyEnvelope, nextOrderNumber, readId, readPageRequest, signatureFault } from './protocol.js';
import { Tally } from './tally.js';

/** What the sandbox takes where nothing else is said. */
export const SANDBOX_CREDENTIALS: Credentials = {
  key: 'sandbox-key-of-nobody',
  secretKey: 'sandbox-secret-of-nobody',
};

const BASE = '/api/yj';
const PERSON = /^p[0-9a-f]{31}$/;

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
  readonly tally: Tally;
  close(): Promise<void>;
}

/** Listens on 127.0.0.1. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { credentials = SANDBOX_CREDENTIALS, port = 0, latency = 0 } = options;
  const tally = new Tally();
  const answers = new Answers();
  const server = createServer((request, response) => {
    answer(request, response, { credentials, latency, tally, answers }).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  const bound = address !== null && typeof address === 'object' ? address.port : port;
  return {
    url: `http://127.0.0.1:${bound}${BASE}`,
    tally,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Parts {
  readonly credentials: Credentials;
  readonly latency: number;
  readonly tally: Tally;
  readonly answers: Answers;
}

async function answer(request: IncomingMessage, response: ServerResponse, parts: Parts): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://sandbox');
  if (url.pathname === '/sandbox/tally') return showTally(request, response, parts.tally);
  const method = methodOf(url.pathname);
  if (method === undefined) return send(response, 404, { error: `nothing is served at ${url.pathname}` });
  if (request.method !== 'GET') return send(response, 405, { error: 'only GET is taken' });
  if (parts.latency > 0) await sleep(parts.latency);
  await serve(method, url.searchParams, request, response, parts);
}

async function serve(
  method: MethodName,
  query: URLSearchParams,
  request: IncomingMessage,
  response: ServerResponse,
  { credentials, tally, answers }: Parts,
): Promise<void> {
  const orderNumber = nextOrderNumber();
  const parameters = Object.fromEntries([...query].filter(([name]) => name !== 'key'));
  const count = (status: string | null) =>
    tally.count(
      { method, parameters, status, orderNumber: status === null ? null : orderNumber },
      status === null ? null : statusRule(status).billed,
    );
  const reply = (envelope: object) => {
    count('Status' in envelope ? String(envelope.Status) : null);
    send(response, 200, envelope);
  };
  const refuse = (status: string) => reply(emptyEnvelope(method, status, orderNumber));

  const fault = signatureFault(credentials, query, request.headers);
  if (fault !== undefined) return refuse(fault);
  const page = method === 'GetList' ? readPageRequest(query) : undefined;
  if (typeof page === 'string') return refuse(page);
  const subject = method === 'GetList' ? (query.get('searchKey') ?? '') : readId(query);
  if (subject === undefined) return refuse('202');
  if (page && PERSON.test(subject)) return refuse('208');

  const play = playOf(subject);
  if (play?.kind === 'fault') {
    count(null);
    return misbehave(response, play.fault);
  }
  if (play?.kind === 'http') {
    count(null);
    if (play.status >= 300 && play.status < 400) response.setHeader('location', '/elsewhere');
    return send(response, play.status, { error: `HTTP ${play.status}, as asked` });
  }
  if (play?.kind === 'slow') await sleep(play.milliseconds);
  reply(page ? answers.list(subject, page, play, orderNumber) : answers.detail(subject, play, orderNumber));
}

function showTally(request: IncomingMessage, response: ServerResponse, tally: Tally): void {
  if (request.method === 'DELETE') tally.reset();
  send(response, 200, tally.toJSON());
}

function send(response: ServerResponse, status: number, body: object): void {
  response
    .writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
    .end(status === 204 || status === 304 ? undefined : JSON.stringify(body));
}
