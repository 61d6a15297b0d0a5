import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SANDBOX_CREDENTIALS, type Sandbox } from '../../src/sandbox/server.js';
import type { GraphResponse } from './gateway.js';
import { waitUntil } from './wait-until.js';

/** The built program. */
export const MAIN = join(__dirname, '..', '..', 'dist', 'main.js');

const children = new Set<ChildProcess>();
/** An empty folder to run in: the program reads the file `.env` in its working directory. */
const workingDirectory = mkdtempSync(join(tmpdir(), 'endcase-'));

// A process that outlives a failed test would keep the test run from ending.
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(workingDirectory, { recursive: true, force: true });
});

export interface Running {
  readonly child: ChildProcess;
  /** Everything printed so far, on standard output and standard error. */
  readonly output: () => string;
  /** Everything printed so far on standard output. */
  readonly stdout: () => string;
}

/** Starts the built program in its own process. `env` is its whole environment, apart from `PATH`. */
export function run(env: Record<string, string>, ...args: string[]): Running {
  return runIn(workingDirectory, env, ...args);
}

/** Does what `run` does, in another working directory. */
export function runIn(cwd: string, env: Record<string, string>, ...args: string[]): Running {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [MAIN, ...args], { cwd, env: { PATH, ...env } });
  children.add(child);
  child.once('exit', () => children.delete(child));
  let [text, stdout] = ['', ''];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
      if (stream === child.stdout) stdout += chunk;
    });
  }
  return { child, output: () => text, stdout: () => stdout };
}

/** The URL of its GraphQL endpoint, once the start line names it. @throws Error with the output, where none does */
export async function urlIn({ child, output }: Running): Promise<string> {
  const found = () => /http:\/\/127\.0\.0\.1:\d+\/graphql/.exec(output())?.[0];
  return waitUntil(found).catch(() => {
    throw new Error(`no start line (exit code ${child.exitCode}, ${child.signalCode}): ${output()}`);
  });
}

/** The environment of a program that calls `sandbox` and keeps its data in `folder`. */
export const envFor = (sandbox: Sandbox, folder: string) => ({
  PORT: '0',
  LOG_LEVEL: 'error',
  QCC_KEY: SANDBOX_CREDENTIALS.key,
  QCC_SECRET_KEY: SANDBOX_CREDENTIALS.secretKey,
  QCC_BASE_URL: sandbox.url,
  DATA_DIR: folder,
});

/** Runs the program until it exits. Resolves with its exit code and everything it printed. */
export async function runToEnd(env: Record<string, string>, ...args: string[]) {
  return endOf(run(env, ...args));
}

/** Resolves with the exit code of a program and everything it printed, once it exits. */
export async function endOf(running: Running) {
  const [code] = await once(running.child, 'close');
  return { code, output: running.output() };
}

/** The lines that the program prints on standard output until it exits. */
export async function linesOf(env: Record<string, string>, ...args: string[]): Promise<string[]> {
  const running = run(env, ...args);
  await endOf(running);
  return running
    .stdout()
    .split('\n')
    .filter((line) => line !== '');
}

/** Stops a program cleanly. Resolves with its exit code. */
export async function stop({ child }: Running): Promise<number | null> {
  child.kill('SIGTERM');
  const [code] = await once(child, 'close');
  return code;
}

/** Sends a query to a running program. */
export async function ask(url: string, query: string): Promise<GraphResponse> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return response.json() as Promise<GraphResponse>;
}
