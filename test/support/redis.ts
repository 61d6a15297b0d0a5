import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from './free-port.js';
import { type Requirement, requires } from './requirement.js';
import { temporaryFolder } from './temporary-folder.js';

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
  readonly port: number;
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
export async function startRedis(...options: string[]): Promise<RedisServer> {
  const port = await freePort();
  // A replica writes the snapshot that it gets into this folder, and a server that starts there reads it.
  const memoryOnly = ['--save', '', '--appendonly', 'no', '--dir', temporaryFolder()];
  let child: ChildProcess;
  const start = async () => {
    child = await startServer('Ready to accept connections', [
      '--port',
      String(port),
      ...memoryOnly,
      ...options,
    ]);
  };
  const kill = () => end(child);
  const command = (...words: string[]) => redisCli('-p', String(port), ...words);
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    pause: () => child.kill('SIGSTOP'),
    resume: () => child.kill('SIGCONT'),
    kill,
    restart: start,
    configure: (name, value) => command('config', 'set', name, value),
    command,
    close: kill,
  };
}

/** Starts redis-server. Resolves once its output has `ready`. */
export async function startServer(ready: string, options: readonly string[]): Promise<ChildProcess> {
  const child = spawn('redis-server', options);
  child.stderr.resume();
  let output = '';
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      output += chunk;
      if (output.includes(ready)) resolve();
    });
    child.once('exit', () => reject(new Error(`redis-server ended: ${output}`)));
  });
  return child;
}

/** Kills a process, unless it has ended. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

/** Runs redis-cli. Resolves with what it prints. */
export async function redisCli(...words: string[]): Promise<string> {
  const client = spawn('redis-cli', words);
  let output = '';
  client.stdout.on('data', (chunk) => {
    output += chunk;
  });
  await once(client, 'close');
  return output.trim();
}
