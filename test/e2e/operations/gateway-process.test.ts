import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jsonOf } from '../../support/gateway.js';
import { requestsInFlight } from '../../support/metrics.js';
import { run as runWith, urlIn } from '../../support/process.js';
import { waitUntil } from '../../support/wait-until.js';

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

describe('the gateway process', () => {
  it('needs no configuration: it serves invented data, and names its URL, upstream and store in one line', async () => {
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

  it('answers the requests it accepted before it exits, and refuses further ones', async () => {
    const running = run({ PORT: '0', DRAIN_DELAY: '2s' });
    const url = await urlIn(running);
    const accepted = post(url, '{ company(searchKey: "sandbox:slow:3000") { hasEndCases } }');
    await waitUntil(async () => (await requestsInFlight(url)) === 1);
    const exit = once(running.child, 'exit');
    running.child.kill('SIGTERM');
    const draining = await waitUntil(async () => {
      const ready = await fetch(new URL('/readyz', url));
      return ready.status === 503 && jsonOf(ready);
    });
    expect(draining).toMatchObject({ status: 'draining' });
    expect((await post(url, '{ __typename }')).status).toBe(200);
    // After the drain delay:
    const late = await waitUntil(() =>
      post(url, '{ __typename }').then(
        async (response) => (await jsonOf(response)).errors?.[0].extensions.code,
        () => 'refused connection',
      ),
    );
    expect(['SHUTTING_DOWN', 'refused connection']).toContain(late);
    expect(await (await accepted).json()).toMatchObject({
      data: { company: { hasEndCases: expect.anything() } },
    });
    expect(await exit).toEqual([0, null]);
  });

  it('exits in time if the reader of its log has gone', async () => {
    const running = run({ PORT: '0' });
    const url = await urlIn(running);
    const { stdout } = running.child;
    stdout?.destroy();
    // Lines of the log are still buffered when the signal arrives.
    await (await post(url, '{ __typename }')).json();
    running.child.kill('SIGTERM');
    expect(await once(running.child, 'exit')).toEqual([0, null]);
  });

  it('lists every fault of the configuration and starts nothing', async () => {
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
    'refuses to serve invented data with %j, unless SANDBOX=1',
    async (env) => {
      const refused = run({ PORT: '0', ...env });
      expect(await once(refused.child, 'close')).toEqual([1, null]);
      expect(refused.output()).toMatch(/QCC_KEY and QCC_SECRET_KEY must be set/);
      const allowed = run({ PORT: '0', SANDBOX: '1', ...env });
      await waitUntil(() => /Serving http/.exec(allowed.output()));
      allowed.child.kill('SIGINT');
      expect(await once(allowed.child, 'exit')).toEqual([0, null]);
    },
  );
});
