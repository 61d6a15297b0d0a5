import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { compose } from './compose.mjs';
import { startRegistry } from './registry.mjs';
import { routers } from './routers.mjs';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** Starts the gateway of this repository, built, with the environment at hand; resolves with where it serves. */
export async function startCases(env = {}) {
  const child = spawn(process.execPath, [MAIN], { env: { ...process.env, PORT: '0', ...env } });
  child.stderr.pipe(process.stderr);
  const url = await new Promise((resolve, reject) => {
    let text = '';
    child.once('exit', (code) => reject(new Error(`the gateway ended with ${code}: build it first`)));
    child.stdout.on('data', (chunk) => {
      text += chunk;
      const [found] = /http:\/\/\S+\/graphql/.exec(text) ?? [];
      if (found) resolve(found);
    });
  });
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        child.once('exit', resolve);
        child.kill('SIGTERM');
      }),
  };
}

/** Both subgraphs behind a router. */
export async function startAll(router, { port = 0, env } = {}) {
  const [cases, registry] = await Promise.all([startCases(env), startRegistry()]);
  const closeSubgraphs = () => Promise.all([registry.close(), cases.close()]);
  try {
    const { start, scopes } = routers[router];
    const gateway = await start(compose({ cases: cases.url, registry: registry.url }, { scopes }), port);
    return {
      url: gateway.url,
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
    console.error(`there is no router ${name}: it is ${Object.keys(routers).join(' or ')}`);
    process.exit(1);
  }
  const all = await startAll(name, { port: Number(process.env.ROUTER_PORT ?? 4002) });
  console.log(`${name} serves both subgraphs at ${all.url}`);
  const stop = () => all.close().then(() => process.exit(0));
  process.once('SIGTERM', stop).once('SIGINT', stop);
}
