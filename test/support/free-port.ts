import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Ports that a system gives nobody who does not ask for them, unlike those from 32,768 on: a test that listens a moment later
 * finds them free. A Redis of a cluster also listens 10,000 above its port.
 */
const FIRST = 11_000;
const COUNT = 11_000;
/** The workers of a test run begin far from each other. */
let next = (Number(process.env.JEST_WORKER_ID ?? 1) * 1700 + process.pid) % COUNT;

/** A port of the loopback interface on which nothing listens. */
export async function freePort(): Promise<number> {
  for (;;) {
    next = (next + 1) % COUNT;
    const port = FIRST + next;
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
