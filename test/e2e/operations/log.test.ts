import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { plainLine } from '../../../src/log.js';
import { startSandbox } from '../../../src/sandbox/server.js';
import { cleanUp, closeAfterTest } from '../../support/cleanup.js';
import { type Data, jsonOf } from '../../support/gateway.js';
import { priceVariables } from '../../support/price-variables.js';
import { ask, envFor, MAIN, run, stop, urlIn } from '../../support/process.js';
import { describeWithRedis, startRedis } from '../../support/redis.js';
import { requires } from '../../support/requirement.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { waitUntil } from '../../support/wait-until.js';

/** `it`, where the program `script` of util-linux runs a command on a terminal. */
const itWithScript = requires({
  tests: 'tests on a terminal',
  remedy: 'script is not installed; apt-get install bsdutils',
  met: spawnSync('script', ['--version']).status === 0,
  variable: 'REQUIRE_SCRIPT',
}).it;

describe('the log', () => {
  it('has JSON lines alone, from the start line to the last one, which is written before the exit', async () => {
    const running = run({ DATA_DIR: temporaryFolder(), PORT: '0' });
    await urlIn(running);
    expect(await stop(running)).toBe(0);
    const lines = running.output().trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: 30, msg: expect.stringMatching(/^Serving http:.* upstream: the embedded sandbox /) },
      { level: 30, msg: 'stopping: the gateway finishes the requests that it accepted', signal: 'SIGTERM' },
      { level: 30, msg: 'stopped' },
    ]);
  });

  it('has the start line alone, if the level is higher than that of the others', async () => {
    const running = run({ DATA_DIR: temporaryFolder(), PORT: '0', LOG_LEVEL: 'silent' });
    await urlIn(running);
    expect(await stop(running)).toBe(0);
    expect(running.output()).toMatch(/^\{"level":30,.*"msg":"Serving http:.*"\}\n$/);
  });

  it('says why the process ends, if a second signal ends it', async () => {
    const running = run({ DATA_DIR: temporaryFolder(), PORT: '0', DRAIN_DELAY: '1h' });
    const url = await urlIn(running);
    const exit = once(running.child, 'close');
    running.child.kill('SIGTERM');
    await waitUntil(async () => (await fetch(new URL('/readyz', url))).status === 503);
    await sleep(1100);
    running.child.kill('SIGTERM');
    expect(await exit).toEqual([143, null]);
    expect(linesOf(running.output()).at(-1)).toMatchObject({ level: 50, msg: /at once/ });
  });

  it('says when a part of the gateway is degraded, and when it is well again', async () => {
    const sandbox = closeAfterTest(await startSandbox());
    const running = run({ ...envFor(sandbox, temporaryFolder()), LOG_LEVEL: 'info' });
    const url = await urlIn(running);
    const changes = () => linesOf(running.output()).filter(({ msg }) => msg === 'health changed');
    sandbox.setRefusal('101');
    await ask(url, '{ company(searchKey: "sandbox:rows:3") { hasEndCases } }');
    await waitUntil(() => changes().length === 1);
    expect(changes()).toMatchObject([{ level: 40, part: 'upstream', from: 'ok', to: 'refused' }]);
    expect(await stop(running)).toBe(0);
  });

  itWithScript('has plain lines on a terminal', async () => {
    const env = { ...process.env, DATA_DIR: temporaryFolder(), PORT: '0' };
    const child = spawn('script', ['-qefc', `exec ${process.execPath} ${MAIN}`, '/dev/null'], { env });
    cleanUp(() => child.kill('SIGKILL'));
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    await waitUntil(() => output.includes('\n'));
    expect(output).toMatch(/^\d\d:\d\d:\d\d Serving http:\S+\/graphql · .* the embedded sandbox .*\r\n$/);
    // The terminal sends SIGINT for Ctrl-C.
    const exit = once(child, 'close');
    child.stdin.write('\u0003');
    await exit;
    expect(output).toMatch(/\d\d:\d\d:\d\d stopping: .* signal="SIGINT"\r\n\d\d:\d\d:\d\d stopped\r\n$/);
  });

  it('shows errors with their stack on a terminal, and no control character', () => {
    const err = { message: 'lost', stack: 'Error: lost\n    at there' };
    const line = {
      level: 40,
      time: 0,
      pid: 1,
      hostname: 'h',
      err,
      client: 'shop\u001b',
      msg: 'Redis\u001b is lost',
    };
    expect(plainLine(JSON.stringify(line))).toMatch(
      /^\d\d:00:00 WARN Redis\ufffd is lost client="shop\\u001b"\nError: lost\n {4}at there\n$/,
    );
  });

  it('has a line for each operation and each upstream call, with the request id', async () => {
    const sandbox = await startSandbox();
    const folder = mkdtempSync(join(tmpdir(), 'endcase-'));
    const running = run({
      ...envFor(sandbox, folder),
      LOG_LEVEL: 'debug',
      ...priceVariables({ GetList: '1', GetDetail: '0.5' }),
    });
    const url = await urlIn(running);
    const query =
      'query Debtors { company(searchKey: "sandbox:details:status:203") { endCases { nodes { detail { certificateNo } } } } }';
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-request-id': 'of-this-test',
        'x-client-name': 'shop',
      },
      body: JSON.stringify({ query }),
    });
    const { errors } = await jsonOf(response);
    const lines = await waitUntil(() => {
      const all = linesOf(running.output());
      return all.some(({ msg }) => msg === 'operation') ? all : undefined;
    });
    const exit = once(running.child, 'exit');
    running.child.kill('SIGKILL');
    await exit;
    await sandbox.close();
    rmSync(folder, { recursive: true });

    const calls = lines.filter(({ msg }) => msg === 'upstream call');
    // Pino's numbers for debug and info: the default level logs failed calls only, since the ledger has all of them.
    expect(calls.map(({ level, status }) => level === (status === '200' ? 20 : 30))).not.toContain(false);
    expect(calls.map(({ method, status }) => `${method} ${status}`).sort()).toEqual([
      'GetDetail 200',
      'GetDetail 200',
      'GetDetail 203',
      'GetDetail 203',
      'GetList 200',
    ]);
    for (const call of calls) {
      expect(call).toMatchObject({
        requestId: 'of-this-test',
        client: 'shop',
        operation: 'Debtors',
        orderNumber: expect.any(String),
        billed: call.status === '200' ? 'yes' : 'no',
        duration: expect.any(Number),
      });
    }
    expect(lines.filter(({ msg }) => msg === 'operation')).toEqual([
      expect.objectContaining({
        requestId: 'of-this-test',
        client: 'shop',
        name: 'Debtors',
        outcome: 'partial',
        errors: ['UPSTREAM_FAILURE'],
        duration: expect.any(Number),
        cost: expect.objectContaining({ billed: 3, amount: '2' }),
      }),
    ]);
    expect(errors).toHaveLength(1);
    expect(running.output()).not.toContain('sandbox:details');
  });

  it('has a line for each refused request, with the reason, and nothing of the credential', async () => {
    const sandbox = await startSandbox();
    const folder = mkdtempSync(join(tmpdir(), 'endcase-'));
    const key = 'key-of-the-refused-shop';
    const running = run({
      ...envFor(sandbox, folder),
      LOG_LEVEL: 'info',
      AUTH_API_KEYS: `shop:${createHash('sha256').update(key).digest('hex')}`,
      RATE_LIMIT_PER_CLIENT: '1/1h',
    });
    const url = await urlIn(running);
    const send = async (requestId: string, credential?: string, path = url) => {
      const authorization = credential === undefined ? {} : { authorization: `Bearer ${credential}` };
      const response = await fetch(path, {
        method: path === url ? 'POST' : 'GET',
        headers: { 'content-type': 'application/json', 'x-request-id': requestId, ...authorization },
        ...(path === url && { body: JSON.stringify({ query: '{ __typename }' }) }),
      });
      return response.status;
    };
    const metrics = new URL('/metrics', url).href;
    expect([
      await send('none'),
      await send('unknown', 'a-key-of-nobody'),
      await send('scope', key, metrics),
      await send('first', key),
      await send('second', key),
    ]).toEqual([401, 401, 403, 200, 429]);
    const refusals = await waitUntil(() => {
      const all = linesOf(running.output()).filter(({ msg }) => msg === 'request refused');
      return all.length === 4 ? all : undefined;
    });
    expect(await stop(running)).toBe(0);
    await sandbox.close();
    rmSync(folder, { recursive: true });
    expect(refusals).toMatchObject([
      { requestId: 'none', status: 401, code: 'UNAUTHENTICATED', reason: 'no credentials' },
      { requestId: 'unknown', status: 401, code: 'UNAUTHENTICATED', reason: 'unknown key' },
      {
        requestId: 'scope',
        status: 403,
        code: 'FORBIDDEN',
        reason: 'the scope usage:read is missing',
        client: 'shop',
      },
      {
        requestId: 'second',
        status: 429,
        code: 'RATE_LIMITED',
        reason: 'rate limit exceeded',
        client: 'shop',
      },
    ]);
    for (const secret of [key, 'a-key-of-nobody']) expect(running.output()).not.toContain(secret);
  });
});

describeWithRedis('the log of a gateway with Redis', () => {
  it('says when the store is lost, and when it is back', async () => {
    const redis = closeAfterTest(await startRedis());
    const sandbox = closeAfterTest(await startSandbox());
    const running = run({ ...envFor(sandbox, temporaryFolder()), LOG_LEVEL: 'info', REDIS_URL: redis.url });
    await urlIn(running);
    const storeChanges = () =>
      linesOf(running.output()).filter(({ msg, part }) => msg === 'health changed' && part === 'store');
    await redis.kill();
    await waitUntil(() => storeChanges().length === 1);
    await redis.restart();
    await waitUntil(() => storeChanges().length === 2);
    expect(storeChanges()).toMatchObject([
      { level: 40, from: 'ok', to: 'degraded' },
      { level: 30, from: 'degraded', to: 'ok' },
    ]);
    expect(await stop(running)).toBe(0);
  });
});

/** The lines of the log in what a program printed. */
function linesOf(output: string): Data[] {
  return output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
}
