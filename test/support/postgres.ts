import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { freePort } from './free-port.js';
import type { Data } from './gateway.js';
import { type Requirement, requires } from './requirement.js';

const DEBIAN = '/usr/lib/postgresql';
/** The programs of the newest version: Debian keeps them out of PATH. */
const BIN = existsSync(DEBIAN)
  ? join(DEBIAN, readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a))[0] ?? '', 'bin')
  : '';
const POSTGRES = join(BIN, 'postgres');

export const POSTGRES_SERVER: Requirement = {
  tests: 'PostgreSQL tests',
  remedy: 'postgresql is not installed; apt-get install postgresql',
  met: spawnSync(POSTGRES, ['--version']).status === 0,
  variable: 'REQUIRE_POSTGRES',
};

/** `describe`, where a PostgreSQL server is installed. */
export const describeWithPostgres = requires(POSTGRES_SERVER).describe;

/** The server refuses to run as root: then it runs as the user that the package has made. */
function user(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

export interface PostgresDatabase {
  /** With the name and password of a superuser. */
  readonly url: string;
  /** Runs statements in a connection of its own. */
  query(text: string, values?: unknown[]): Promise<Data[]>;
}

export interface PostgresServer {
  /** Creates an empty database. */
  createDatabase(options?: string): Promise<PostgresDatabase>;
  /** Suspends every process of the server: connections stay open, and nothing is answered. */
  pause(): void;
  resume(): void;
  /** Kills it. What it has not committed is lost. */
  kill(): Promise<void>;
  /** Starts it again on the same port. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a real server on a free port, with its data in a new folder. */
export async function startPostgres(): Promise<PostgresServer> {
  const account = user();
  const folder = mkdtempSync(join(tmpdir(), 'endcase-postgres-'));
  if (account) chownSync(folder, account.uid, account.gid);
  const options = ['--username', 'ledger', '--auth', 'trust', '--encoding', 'UTF8', '--locale', 'C.UTF-8'];
  const made = spawnSync(join(BIN, 'initdb'), ['-D', folder, ...options, '--no-sync'], {
    ...account,
    cwd: '/',
    encoding: 'utf8',
  });
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
  const port = await freePort();
  const urlOf = (database: string) => `postgres://ledger:not%20a%20word@127.0.0.1:${port}/${database}`;
  let databases = 0;
  let child: ChildProcess;
  const queryIn =
    (database: string) =>
    async (text: string, values: unknown[] = []) => {
      const client = new Client({ connectionString: urlOf(database) });
      await client.connect();
      try {
        return (await client.query(text, values)).rows;
      } finally {
        await client.end();
      }
    };
  const start = async () => {
    for (;;) {
      child = spawn(POSTGRES, ['-D', folder, '-p', String(port), '-k', '', '-h', '127.0.0.1'], {
        ...account,
        cwd: '/',
      });
      child.stdout?.resume();
      const { stderr } = child;
      if (stderr === null) throw new Error('postgres was started without a pipe for its log');
      let log = '';
      const isReady = new Promise<boolean>((resolve) => {
        stderr.on('data', (chunk) => {
          log += chunk;
          if (log.includes('database system is ready to accept connections')) resolve(true);
        });
        child.once('close', () => resolve(false));
      });
      if (await isReady) return;
      // After a kill, its other processes need a moment to notice.
      if (!/shared memory|lock file/.test(log)) throw new Error(`postgres ended: ${log}`);
    }
  };
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill(signal);
    await exit;
  };
  /** The server process and those that it has started. */
  const processes = () => {
    const { stdout } = spawnSync('ps', ['-o', 'pid=', '--ppid', String(child.pid)], { encoding: 'utf8' });
    return [child.pid ?? 0, ...stdout.trim().split(/\s+/).map(Number)].filter((pid) => pid > 0);
  };
  const signalAll = (signal: NodeJS.Signals) => {
    for (const pid of processes()) process.kill(pid, signal);
  };
  await start();
  return {
    async createDatabase(options = '') {
      databases += 1;
      const name = `test_${databases}`;
      await queryIn('postgres')(`CREATE DATABASE ${name} ${options}`);
      return { url: urlOf(name), query: queryIn(name) };
    },
    pause: () => signalAll('SIGSTOP'),
    resume: () => signalAll('SIGCONT'),
    kill: () => end('SIGKILL'),
    restart: start,
    async close() {
      await end('SIGQUIT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
