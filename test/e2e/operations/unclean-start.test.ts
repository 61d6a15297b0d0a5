import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSandbox } from '../../../src/sandbox/server.js';
import { needsCheck } from '../../../src/store/embedded/recovery/open-mark.js';
import { closeAfterTest } from '../../support/cleanup.js';
import { freePort } from '../../support/free-port.js';
import { jsonOf } from '../../support/gateway.js';
import { priceVariables } from '../../support/price-variables.js';
import { ask, envFor, run, runToEnd, stop, urlIn } from '../../support/process.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { waitUntil } from '../../support/wait-until.js';

const QUERY = '{ company(searchKey: "sandbox:rows:3") { hasEndCases } }';

/** A gateway that was killed, and the environment of its successor, whose check of the store takes until `finish`. */
async function killedGateway() {
  const sandbox = closeAfterTest(await startSandbox());
  const env = {
    ...envFor(sandbox, temporaryFolder()),
    ...priceVariables({ GetList: '0.5', GetDetail: '0.5' }),
  };
  const killed = run(env);
  expect((await ask(await urlIn(killed), QUERY)).extensions.cost.billed).toBe(1);
  const exit = once(killed.child, 'exit');
  killed.child.kill('SIGKILL');
  await exit;
  const folder = temporaryFolder();
  const [script, finished] = [join(folder, 'wait.cjs'), join(folder, 'finished')];
  writeFileSync(
    script,
    `const { existsSync } = require('node:fs');
    if (process.argv[1].endsWith('checker-process.js')) {
      while (!existsSync('${finished}')) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }`,
  );
  return {
    env: { ...env, PORT: String(await freePort()), NODE_OPTIONS: `--require ${script}` },
    finish: () => writeFileSync(finished, ''),
  };
}

/** The origin of a gateway that checks its store. */
async function originIn({ output }: { output: () => string }): Promise<string> {
  const [, port] = await waitUntil(
    () => /being checked.* port (\d+)/.exec(output()),
    'the program says that it checks its store',
  );
  return `http://127.0.0.1:${port}`;
}

describe('a start after a process was killed', () => {
  it('answers for its health while it checks the store, and serves on the same port afterwards', async () => {
    const { env, finish } = await killedGateway();
    const running = run(env);
    const origin = await originIn(running);
    const health = await fetch(`${origin}/healthz`);
    expect([health.status, await health.json()]).toEqual([200, { status: 'ok' }]);
    const ready = await fetch(`${origin}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([
      503,
      { status: 'starting', store: 'degraded', ledger: 'degraded', upstream: 'ok' },
    ]);
    const refused = await fetch(`${origin}/graphql`, {
      method: 'POST',
      body: JSON.stringify({ query: QUERY }),
    });
    const headers = Object.fromEntries(refused.headers);
    expect(headers).toMatchObject({ 'retry-after': '5', 'x-cost-billed': '0', 'x-cost-amount': '0' });
    expect([refused.status, await jsonOf(refused)]).toEqual([
      503,
      {
        errors: [
          {
            message: expect.stringContaining('is starting'),
            extensions: { code: 'OVERLOADED', retryable: true, retryAfter: 5 },
          },
        ],
        extensions: { cost: expect.objectContaining({ billed: 0, maybeBilled: 0 }) },
      },
    ]);
    finish();
    const url = await urlIn(running);
    expect(url).toBe(`${origin}/graphql`);
    expect((await ask(url, QUERY)).extensions.cost).toMatchObject({ billed: 0, cached: 1 });
    expect((await fetch(`${origin}/readyz`)).status).toBe(200);
    expect(await stop(running)).toBe(0);
    // The next start has nothing to check.
    const next = run(env);
    await urlIn(next);
    expect(next.output()).not.toContain('checked');
    expect(await stop(next)).toBe(0);
  });

  it('ends on SIGTERM in the middle of the check, and on a port that is taken before it', async () => {
    const { env, finish } = await killedGateway();
    const running = run(env);
    const { port } = new URL(await originIn(running));
    const other = await runToEnd({ ...env, PORT: port });
    expect([other.code, other.output]).toEqual([
      1,
      expect.stringContaining('PORT must be a free port: another program listens on'),
    ]);
    const exit = once(running.child, 'exit');
    running.child.kill('SIGTERM');
    expect(await exit).toEqual([143, null]);
    // It was not checked yet.
    finish();
    const next = run(env);
    await originIn(next);
    await urlIn(next);
    expect(await stop(next)).toBe(0);
  });

  it('checks nothing while another process uses the store', async () => {
    const { env, finish } = await killedGateway();
    finish();
    const first = run(env);
    await urlIn(first);
    const second = run({ ...env, PORT: '0' });
    await urlIn(second);
    expect(second.output()).not.toContain('checked');
    // A start that fails leaves nothing to check either.
    const { code } = await runToEnd({ ...env, PORT: new URL(await urlIn(first)).port });
    expect(code).toBe(1);
    expect(await Promise.all([stop(first), stop(second)])).toEqual([0, 0]);
    expect(needsCheck(join(env.DATA_DIR, 'store'))).toBe(false);
  });
});
