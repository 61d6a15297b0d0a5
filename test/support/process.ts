import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { SANDBOX_CREDENTIALS, type Sandbox } from '../../src/sandbox/server.js';
import { until } from './until.js';

const MAIN = join(__dirname, '..', '..', 'dist', 'main.js');

export interface Running {
  readonly child: ChildProcess;
  /** What it has printed so far, on both streams. */
  readonly output: () => string;
}

/** The built program, in a process of its own, with this environment alone. */
export function run(env: Record<string, string>, ...args: string[]): Running {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [MAIN, ...args], { env: { PATH, ...env } });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      text += chunk;
    });
  }
  return { child, output: () => text };
}

/** Where it serves, once it says so. @throws Error with what it said instead */
export async function urlIn({ child, output }: Running): Promise<string> {
  const found = () => /http:\/\/127\.0\.0\.1:\d+\/graphql/.exec(output())?.[0];
  return until(found).catch(() => {
    throw new Error(`it does not serve (exit code ${child.exitCode}, ${child.signalCode}): ${output()}`);
  });
}

/** What the program needs to ask a sandbox of this test, and to keep things in `folder`. */
export const envFor = (sandbox: Sandbox, folder: string) => ({
  PORT: '0',
  LOG_LEVEL: 'error',
  QCC_KEY: SANDBOX_CREDENTIALS.key,
  QCC_SECRET_KEY: SANDBOX_CREDENTIALS.secretKey,
  QCC_BASE_URL: sandbox.url,
  DATA_DIR: folder,
});

/** Runs the program to its end. */
export async function runToEnd(env: Record<string, string>, ...args: string[]) {
  const running = run(env, ...args);
  const [code] = await once(running.child, 'close');
  return { code, output: running.output() };
}
