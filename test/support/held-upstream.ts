import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { Sandbox } from '../../src/sandbox/server.js';

/**
 * A proxy in front of a sandbox that holds every request until the test releases it. It replaces latencies: a test decides
 * by events, not by the clock, what is under way and when it is answered.
 */
export interface HeldUpstream {
  /** A value for `QCC_BASE_URL`. */
  readonly url: string;
  /** The `searchKey` or `id` of every request so far, in order of arrival. */
  readonly arrived: readonly string[];
  /** Requests that wait to be released. */
  readonly held: number;
  /** Passes the oldest `count` held requests on to the sandbox. */
  release(count: number): void;
  /** Passes all held requests on, and every later one at once. */
  open(): void;
  /** Closes all connections, those of held requests included. */
  close(): Promise<void>;
}

export async function holdUpstream(sandbox: Sandbox): Promise<HeldUpstream> {
  const arrived: string[] = [];
  const held: (() => void)[] = [];
  let isOpen = false;
  const server = createServer({ keepAliveTimeout: 60_000 }, (incoming, outgoing) => {
    arrived.push(subjectOf(incoming));
    const pass = () => passOn(incoming, outgoing, sandbox);
    if (isOpen) pass();
    else held.push(pass);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const release = (count: number) => {
    for (const pass of held.splice(0, count)) pass();
  };
  return {
    url: `http://127.0.0.1:${port}${new URL(sandbox.url).pathname}`,
    arrived,
    get held() {
      return held.length;
    },
    release,
    open() {
      isOpen = true;
      release(held.length);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function subjectOf({ url = '' }: IncomingMessage): string {
  const { searchParams } = new URL(url, 'http://upstream');
  return searchParams.get('searchKey') ?? searchParams.get('id') ?? '';
}

function passOn(incoming: IncomingMessage, outgoing: ServerResponse, sandbox: Sandbox): void {
  const target = new URL(incoming.url ?? '', sandbox.url);
  const passed = request(target, { method: incoming.method, headers: incoming.headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  passed.on('error', () => outgoing.destroy());
  passed.end();
}
