import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SANDBOX_CREDENTIALS } from '../dist/sandbox/server.js';
import { startProcess } from './process.mjs';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const URL_PATTERN = /http:\S+\/graphql/;

const folders = [];
process.on('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A new folder for `DATA_DIR`, removed when this process exits. */
export function makeDataDir() {
  const folder = mkdtempSync(join(tmpdir(), 'endcase-'));
  folders.push(folder);
  return folder;
}

/**
 * Starts a gateway in a process of its own.
 *
 * @param upstream the value for `QCC_BASE_URL`
 * @param program the path of `main.js`
 */
export async function startGateway(upstream, env = {}, nodeOptions = [], program = MAIN) {
  const settings = {
    PORT: '0',
    LOG_LEVEL: 'fatal',
    QCC_KEY: SANDBOX_CREDENTIALS.key,
    QCC_SECRET_KEY: SANDBOX_CREDENTIALS.secretKey,
    QCC_BASE_URL: upstream,
    DATA_DIR: env.DATA_DIR ?? makeDataDir(),
    ...env,
  };
  const { pid, output, memory, cpu, stop } = await startProcess(
    process.execPath,
    [...nodeOptions, program],
    settings,
    URL_PATTERN,
    // Not the working directory of this process: a `.env` there would configure the gateway.
    settings.DATA_DIR,
  );
  const [url] = URL_PATTERN.exec(output);
  return {
    url,
    pid,
    memory,
    cpu,
    stop,
    /** Sets the peak of the memory to its present size. */
    resetPeak: () => writeFileSync(`/proc/${pid}/clear_refs`, '5'),
    /** Sends an operation. Returns the HTTP status, `Retry-After` (null: none) and the parsed body. */
    async query(query, { variables, signal } = {}) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
        signal,
      });
      const retryAfter = response.headers.get('retry-after');
      return { status: response.status, retryAfter, body: await response.json() };
    },
  };
}
