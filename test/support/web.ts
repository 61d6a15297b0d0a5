import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Requirement } from './requirement.js';
import { waitUntil } from './wait-until.js';

const EXAMPLE = join(__dirname, '..', '..', 'examples', 'web');
const VITE = join(EXAMPLE, 'node_modules', '.bin', 'vite');

export const WEB: Requirement = {
  tests: 'tests of examples/web',
  remedy: 'its packages are not installed; npm --prefix examples/web ci',
  met: existsSync(VITE),
  variable: 'REQUIRE_WEB',
};

/** Serves the example page, as `npm run web` does, against a gateway. */
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
  const url = await waitUntil(() => /http:\/\/127\.0\.0\.1:\d+\//.exec(text)?.[0]);
  return {
    url,
    async close() {
      const exit = once(child, 'exit');
      child.kill();
      await exit;
    },
  };
}
