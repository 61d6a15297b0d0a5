import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';
import { startProcess } from '../scripts/process.mjs';

const fileOf = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Starts a script that prints its URLs. @param flags options for Node itself */
export const startScript = (path, args = [], env = {}, flags = []) =>
  startServer(process.execPath, [...flags, fileOf(path), ...args], env, /http:\S+\s/);

/** Starts a server. @param ready matches its standard output once it serves */
export async function startServer(program, args, env, ready) {
  const startedAt = performance.now();
  const child = await startProcess(program, args, { NODE_ENV: 'production', ...env }, ready);
  return {
    urls: child.output.match(/http:[^\s·]+/g) ?? [],
    startedAt,
    cpu: child.cpu,
    memory: child.memory,
    stop: () => child.stop('SIGKILL'),
  };
}

/** A client of a GraphQL server, with persistent connections. @param options for undici's pool */
export function createClient(url, headers = {}, options = {}) {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections: 256, headersTimeout: 0, bodyTimeout: 0, ...options });
  return {
    /** Sends an operation. @throws Error if its response has errors */
    async send(query, variables) {
      const { body, statusCode } = await pool.request({
        method: 'POST',
        path: pathname,
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query, variables }),
      });
      const text = await body.text();
      if (statusCode !== 200 || text.includes('"errors"'))
        throw new Error(`${url}: ${statusCode} ${text.slice(0, 500)}`);
      return text;
    },
    close: () => pool.destroy(),
  };
}

/** Runs `work` `count` times, `concurrency` at a time. Returns the duration of each, in milliseconds. */
export async function run(count, concurrency, work) {
  const durations = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < count; index = next++) {
      const start = performance.now();
      await work(index);
      durations.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, count) }, worker));
  return durations;
}

export function median(numbers) {
  return quantile(numbers, 0.5);
}

export function quantile(numbers, share) {
  const sorted = [...numbers].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}
