import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SANDBOX_CREDENTIALS } from '../dist/sandbox/server.js';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

/** A folder for a gateway's data, removed when this process ends. */
export function makeFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'endcase-'));
  folders.push(folder);
  return folder;
}
const folders = [];
process.on('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Starts a gateway in a process of its own. `upstream` is what `QCC_BASE_URL` takes. */
export async function startGateway(upstream, env = {}, nodeOptions = []) {
  const child = spawn(process.execPath, [...nodeOptions, MAIN], {
    env: {
      PATH: process.env.PATH,
      PORT: '0',
      LOG_LEVEL: 'fatal',
      QCC_KEY: SANDBOX_CREDENTIALS.key,
      QCC_SECRET_KEY: SANDBOX_CREDENTIALS.secretKey,
      QCC_BASE_URL: upstream,
      DATA_DIR: env.DATA_DIR ?? makeFolder(),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  for await (const chunk of child.stdout) {
    text += chunk;
    if (/http:\S+\/graphql/.test(text)) break;
  }
  const [url] = /http:\S+\/graphql/.exec(text) ?? [];
  if (url === undefined) throw new Error(`the gateway did not start: ${text}`);
  child.stdout.resume();
  return {
    url,
    child,
    async ask(query, { signal, headers } = {}) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query }),
        signal,
      });
      return { status: response.status, headers: response.headers, body: await response.json() };
    },
    memory: () => memoryOf(child.pid),
    forgetPeak: () => writeFileSync(`/proc/${child.pid}/clear_refs`, '5'),
    async stop(signal = 'SIGTERM') {
      const exit = once(child, 'exit');
      child.kill(signal);
      const [code] = await exit;
      return code;
    },
  };
}

/** Memory of a process in MB, as Linux tells it: at its peak, and its own without files that it has mapped. */
function memoryOf(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const read = (name) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0) / 1024;
  return { peak: read('VmHWM'), own: read('RssAnon') };
}
