import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

const installed = spawnSync('redis-server', ['--version']).status === 0;
if (!installed && process.env.REQUIRE_REDIS === '1') {
  throw new Error('redis-server must be installed: its tests are not to be skipped here');
}

/** `describe`, where a redis-server is installed. */
export const describeWithRedis = installed ? describe : describe.skip;
export const redisInstalled = installed;

export interface RedisServer {
  readonly url: string;
  /** Stops it from answering, as a network that drops everything does. */
  pause(): void;
  resume(): void;
  /** Kills it: it forgets all. */
  kill(): Promise<void>;
  /** Starts it again on the same port. */
  restart(): Promise<void>;
  configure(name: string, value: string): Promise<void>;
  close(): Promise<void>;
}

/** A real redis-server on a free port, that keeps nothing on disk. */
export async function startRedis(): Promise<RedisServer> {
  const port = await freePort();
  let child: ChildProcess;
  const start = async () => {
    child = spawn('redis-server', ['--port', String(port), '--save', '', '--appendonly', 'no']);
    let text = '';
    for await (const chunk of child.stdout ?? []) {
      text += chunk;
      if (text.includes('Ready to accept connections')) break;
    }
    child.stdout?.resume();
  };
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    pause: () => child.kill('SIGSTOP'),
    resume: () => child.kill('SIGCONT'),
    kill,
    restart: start,
    async configure(name, value) {
      const client = spawn('redis-cli', ['-p', String(port), 'config', 'set', name, value]);
      await once(client, 'exit');
    },
    close: kill,
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return address !== null && typeof address === 'object' ? address.port : 0;
}
