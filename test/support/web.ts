import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './until.js';

const EXAMPLE = join(__dirname, '..', '..', 'examples', 'web');
const VITE = join(EXAMPLE, 'node_modules', '.bin', 'vite');

export const webInstalled = existsSync(VITE);
if (!webInstalled && process.env.REQUIRE_WEB === '1') {
  throw new Error('examples/web must be installed: its tests are not to be skipped here');
}

/** The example page, served as `npm run web` does, against a gateway. */
export async function serveWeb(gatewayUrl: string): Promise<{ url: string; close(): Promise<void> }> {
  const child: ChildProcess = spawn(VITE, ['--port', '0'], {
    cwd: EXAMPLE,
    env: { ...process.env, GATEWAY_URL: gatewayUrl, WEB_PORT: '0', NO_COLOR: '1' },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      text += chunk;
    });
  }
  const url = await until(() => /http:\/\/127\.0\.0\.1:\d+\//.exec(text)?.[0]);
  return {
    url,
    async close() {
      const exit = once(child, 'exit');
      child.kill();
      await exit;
    },
  };
}
