import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jsonOf } from '../../support/gateway.js';
import { run as runWith, urlIn } from '../../support/process.js';
import { until } from '../../support/until.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'endcase-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const run = (env: Record<string, string>, ...args: string[]) =>
  runWith({ DATA_DIR: folder, ...env }, ...args);
const post = (url: string, query: string) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });

describe('the process', () => {
  it('needs nothing: it serves invented data, and says in one line where, from what and kept where', async () => {
    const running = run({ PORT: '0' });
    const url = await urlIn(running);
    expect(running.output().trim().split('\n')).toHaveLength(1);
    expect(running.output()).toMatch(/upstream: the embedded sandbox .* store: /);
    const answer = await post(
      url,
      '{ company(searchKey: "浙江省临海标准件工业公司") { endCases { totalCount } } }',
    );
    expect(await answer.json()).toMatchObject({
      data: { company: { endCases: { totalCount: 99 } } },
      extensions: { cost: { billed: 1, sandbox: true } },
    });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    running.child.kill('SIGTERM');
    expect(await once(running.child, 'exit')).toEqual([0, null]);
  });

  it('answers what it accepted before it ends, and takes no more', async () => {
    const running = run({ PORT: '0', DRAIN_DELAY: '300ms' });
    const url = await urlIn(running);
    const accepted = post(url, '{ company(searchKey: "sandbox:slow:900") { hasEndCases } }');
    await new Promise((resolve) => setTimeout(resolve, 100));
    const exit = once(running.child, 'exit');
    running.child.kill('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 100));
    const ready = await fetch(new URL('/readyz', url));
    expect([ready.status, (await jsonOf(ready)).status]).toEqual([503, 'draining']);
    expect((await post(url, '{ __typename }')).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const late = await post(url, '{ __typename }').then(
      async (response) => (await jsonOf(response)).errors[0].extensions.code,
      () => 'refused connection',
    );
    expect(['SHUTTING_DOWN', 'refused connection']).toContain(late);
    expect(await (await accepted).json()).toMatchObject({
      data: { company: { hasEndCases: expect.anything() } },
    });
    expect(await exit).toEqual([0, null]);
  });

  it('ends in time though whoever read its log has gone', async () => {
    const running = run({ PORT: '0' });
    const url = await urlIn(running);
    const { stdout } = running.child;
    stdout?.destroy();
    // Its lines still wait to be written when it is told to stop.
    await (await post(url, '{ __typename }')).json();
    running.child.kill('SIGTERM');
    expect(await once(running.child, 'exit')).toEqual([0, null]);
  });

  it('lists every bad value at once and starts nothing', async () => {
    const running = run({
      PORT: 'x',
      QCC_TIMEOUT: '10',
      QCC_KEY: 'canary-key',
      LOG_LEVEL: 'loud',
      HOST: '0.0.0.0',
    });
    expect(await once(running.child, 'close')).toEqual([1, null]);
    for (const name of ['PORT', 'QCC_TIMEOUT', 'QCC_SECRET_KEY', 'LOG_LEVEL', 'AUTH']) {
      expect(running.output()).toContain(`endcase-gateway: ${name} `);
    }
    expect(running.output()).not.toContain('canary');
  });

  it.each([{ NODE_ENV: 'production' }, { HOST: '0.0.0.0', AUTH: 'none' }])(
    'refuses to invent data with %j, unless told to',
    async (env) => {
      const refused = run({ PORT: '0', ...env });
      expect(await once(refused.child, 'close')).toEqual([1, null]);
      expect(refused.output()).toMatch(/QCC_KEY and QCC_SECRET_KEY must be set/);
      const told = run({ PORT: '0', SANDBOX: '1', ...env });
      await until(() => /Serving http/.exec(told.output()));
      told.child.kill('SIGINT');
      expect(await once(told.child, 'exit')).toEqual([0, null]);
    },
  );

  it('serves the sandbox alone, and prints the schema', async () => {
    const alone = run({}, 'sandbox', '--port', '0');
    await until(() => /QCC_BASE_URL=http:\S+ QCC_KEY=\S+ QCC_SECRET_KEY=\S+/.exec(alone.output()));
    alone.child.kill('SIGTERM');
    expect(await once(alone.child, 'exit')).toEqual([0, null]);
    const printed = run({}, 'schema');
    await once(printed.child, 'close');
    expect(printed.output()).toContain('type EndCaseConnection');
    const unknown = run({}, 'sell');
    expect(await once(unknown.child, 'close')).toEqual([1, null]);
    expect(unknown.output()).toMatch(/no verb sell/);
  });
});
