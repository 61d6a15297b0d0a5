import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { compose } from './compose.mjs';
import { startRegistry } from './registry.mjs';
import { routers } from './routers.mjs';

/** The program of this repository, which must be built. */
export const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const URL_PATTERN = /http:\/\/\S+\/graphql/;

/**
 * Starts the gateway of this repository, which must be built, in a process of its own. It inherits the environment.
 *
 * @param env more environment variables
 * @throws Error if the gateway exits before it serves
 */
async function startCases(env = {}) {
  const child = spawn(process.execPath, [MAIN], {
    env: { ...process.env, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  // Also ends the gateway when an error ends this process.
  process.once('exit', () => child.kill());
  const url = await new Promise((resolve, reject) => {
    let output = '';
    exited.then(([code]) => reject(new Error(`the gateway exited with ${code}; is it built?`)), reject);
    child.stdout.on('data', (chunk) => {
      output += chunk;
      const [found] = URL_PATTERN.exec(output) ?? [];
      if (found) resolve(found);
    });
  });
  return {
    url,
    async close() {
      child.kill();
      await exited;
    },
  };
}

/**
 * Starts both subgraphs, and a router in front of them.
 *
 * @param router a name in `routers`
 * @param onRequest receives the headers of each request to the register
 */
export async function startAll(router, { port = 0, env, onRequest } = {}) {
  const [cases, registry] = await Promise.all([startCases(env), startRegistry(onRequest)]);
  const closeSubgraphs = () => Promise.all([registry.close(), cases.close()]);
  try {
    const start = routers[router];
    const gateway = await start(compose({ cases: cases.url, registry: registry.url }), port);
    return {
      url: gateway.url,
      subgraphs: [cases.url, registry.url],
      async close() {
        await gateway.close();
        await closeSubgraphs();
      },
    };
  } catch (error) {
    await closeSubgraphs();
    throw error;
  }
}

if (fileURLToPath(import.meta.url) === process.argv[1]) {
  const name = process.argv[2] ?? 'apollo';
  if (!Object.hasOwn(routers, name)) {
    console.error(`unknown router: ${name}; known: ${Object.keys(routers).join(', ')}`);
    process.exit(1);
  }
  // Installed before the start, so that a signal during the start also ends the gateway, and kept, so that a second
  // signal does not end this process before its children.
  let isStopping = false;
  const stop = async () => {
    if (isStopping) return;
    isStopping = true;
    const { close } = await started;
    await close();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, stop);
  const started = startAll(name, { port: Number(process.env.ROUTER_PORT ?? 4002) });
  const { url, subgraphs } = await started;
  console.log(`${name} serves ${url}, with the subgraphs ${subgraphs.join(' and ')}`);
}
