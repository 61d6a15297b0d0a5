import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';

const running = new Set();
// A run that fails leaves nothing behind.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

const fileOf = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Starts a script that prints where it serves. @param flags of Node itself */
export const start = (path, args = [], env = {}, flags = []) =>
  startBinary(process.execPath, [...flags, fileOf(path), ...args], env, /http:\S+\s/);

/** Starts a program, that says on standard output when it is ready. */
export async function startBinary(program, args, env, ready) {
  const began = performance.now();
  const child = spawn(program, args, {
    env: { PATH: process.env.PATH, NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.add(child);
  let text = '';
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    text += chunk;
    if (ready.test(text)) break;
  }
  child.stdout.resume();
  const urls = text.match(/http:[^\s·]+/g) ?? [];
  if (!ready.test(text)) throw new Error(`${program} ${args.join(' ')} did not start: ${text}`);
  return {
    url: urls[0],
    urls,
    began,
    pid: child.pid,
    /** CPU time of all its threads, in milliseconds. */
    cpu: () => {
      let nanoseconds = 0;
      for (const task of readdirSync(`/proc/${child.pid}/task`)) {
        nanoseconds += Number(
          readFileSync(`/proc/${child.pid}/task/${task}/schedstat`, 'utf8').split(' ')[0],
        );
      }
      return nanoseconds / 1e6;
    },
    /** MB that are its own: files that it has mapped are not. */
    memory: () =>
      Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024,
    async stop() {
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
      running.delete(child);
    },
  };
}

/** Asks a GraphQL server over connections that are kept. @param options of undici's pool */
export function clientOf(url, headers = {}, options = {}) {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections: 256, headersTimeout: 0, bodyTimeout: 0, ...options });
  return {
    async ask(query, variables) {
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

/** Runs `count` pieces of work, so many at once. Gives what each took, in milliseconds. */
export async function run(count, atOnce, work) {
  const took = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < count; index = next++) {
      const began = performance.now();
      await work(index);
      took.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, worker));
  return took;
}

export function median(numbers) {
  return quantile(numbers, 0.5);
}

export function quantile(numbers, share) {
  const sorted = [...numbers].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}
