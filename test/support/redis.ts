import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { type Requirement, requires } from './requirement.js';

export const REDIS: Requirement = {
  tests: 'Redis tests',
  remedy: 'redis-server is not installed; apt-get install redis-server',
  met: spawnSync('redis-server', ['--version']).status === 0,
  variable: 'REQUIRE_REDIS',
};

/** `describe`, where a redis-server is installed. */
export const describeWithRedis = requires(REDIS).describe;

export interface RedisServer {
  readonly url: string;
  /** Suspends it: it keeps its connections and answers nothing, as behind a network that drops every packet. */
  pause(): void;
  resume(): void;
  /** Kills it. All its data is lost. */
  kill(): Promise<void>;
  /** Starts it again on the same port. */
  restart(): Promise<void>;
  configure(name: string, value: string): Promise<unknown>;
  /** Sends it a command. Resolves with what redis-cli prints. */
  command(...words: string[]): Promise<string>;
  close(): Promise<void>;
}

/** Starts a real redis-server on a free port, without persistence. */
export async function startRedis(): Promise<RedisServer> {
  const port = await freePort();
  let child: ChildProcess;
  const start = async () => {
    child = spawn('redis-server', ['--port', String(port), '--save', '', '--appendonly', 'no']);
    child.stderr?.resume();
    const { stdout } = child;
    if (stdout === null) throw new Error('redis-server was started without a pipe for its output');
    let output = '';
    await new Promise<void>((resolve, reject) => {
      stdout.on('data', (chunk) => {
        output += chunk;
        if (output.includes('Ready to accept connections')) resolve();
      });
      child.once('exit', () => reject(new Error(`redis-server ended: ${output}`)));
    });
  };
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  };
  const command = async (...words: string[]) => {
    const client = spawn('redis-cli', ['-p', String(port), ...words]);
    let output = '';
    client.stdout.on('data', (chunk) => {
      output += chunk;
    });
    await once(client, 'close');
    return output.trim();
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    pause: () => child.kill('SIGSTOP'),
    resume: () => child.kill('SIGCONT'),
    kill,
    restart: start,
    configure: (name, value) => command('config', 'set', name, value),
    command,
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
