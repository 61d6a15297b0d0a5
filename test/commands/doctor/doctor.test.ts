import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Sandbox, startSandbox } from '../../../src/sandbox/server.js';
import { cleanUp, closeAfterTest } from '../../support/cleanup.js';
import { runInProcess } from '../../support/in-process.js';
import { priceVariables } from '../../support/price-variables.js';
import { ask, envFor, linesOf, run, runToEnd, stop, urlIn } from '../../support/process.js';
import { describeWithRedis, startRedis } from '../../support/redis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const PRICES = priceVariables({ GetList: '0.3', GetDetail: '1.25' });

let sandbox: Sandbox;
let folder: string;
beforeEach(async () => {
  folder = join(temporaryFolder(), 'data');
  sandbox = closeAfterTest(await startSandbox());
});

const doctor = (env: Record<string, string> = {}, ...args: string[]) =>
  runInProcess({ ...envFor(sandbox, folder), ...PRICES, ...env }, 'doctor', ...args);

/** A server in place of QCC. Resolves with its origin. */
async function startServer(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUp(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('the command doctor', () => {
  it('finds nothing wrong with a good configuration, buys nothing, and makes no folder', async () => {
    const env = { ...envFor(sandbox, folder), ...PRICES, BUDGET_PER_DAY: '100' };
    const { code, output } = await runToEnd(env, 'doctor');
    expect(output.trim().split('\n')).toEqual([
      'ok    configuration: every setting can be used',
      expect.stringMatching(/^ok {4}store: .* can be written; \d+ MB are free$/),
      'ok    store: no gateway has stored anything there yet',
      'ok    ledger: no call has been recorded yet',
      'ok    DNS: 127.0.0.1 is 127.0.0.1',
      expect.stringMatching(/^note {2}TLS: 127\.0\.0\.1:\d+ is on this machine, and is called without TLS$/),
      expect.stringMatching(/^ok {4}clock: at most \d s from the clock of the host$/),
    ]);
    expect(code).toBe(0);
    expect([sandbox.statistics.total.calls, existsSync(folder)]).toEqual([0, false]);
  });

  it('notes what a user may want to set', async () => {
    const { code, output } = await runToEnd({ DATA_DIR: folder }, 'doctor');
    expect([code, output]).toEqual([
      0,
      expect.stringContaining('note  configuration: the gateway serves invented'),
    ]);
    const unlimited = await runToEnd(envFor(sandbox, folder), 'doctor');
    expect(unlimited.output).toContain('set BUDGET_PER_DAY');
    expect(unlimited.output).toMatch(
      /For amounts in yuan, set QCC_PRICE_GETLIST(, | and )QCC_PRICE_GETDETAIL/,
    );
  });

  it('lists every fault of the configuration, and exits with 1', async () => {
    expect(await doctor({ PORT: 'x', QCC_TIMEOUT: 'soon' })).toEqual({
      code: 1,
      output:
        'wrong configuration: PORT must be a whole number from 0 to 65535\n' +
        'wrong configuration: QCC_TIMEOUT must be a duration such as 250ms, 30s, 15m, 24h or 7d\n',
    });
  });

  it.each([
    [
      'a folder that cannot be written',
      () => ({ DATA_DIR: '/proc/endcase' }),
      'store: DATA_DIR must be a writable folder: ENOENT /proc',
    ],
    [
      'a damaged store',
      () => {
        mkdirSync(join(folder, 'store'), { recursive: true });
        writeFileSync(join(folder, 'store', 'data.mdb'), 'x'.repeat(10_000));
        return {};
      },
      'is damaged, or this user may not read it. When the gateway starts, it recovers what it can',
    ],
    [
      'a Redis that cannot be reached',
      () => ({ REDIS_URL: 'redis://127.0.0.1:1' }),
      'store: REDIS_URL must be the URL of a Redis that can be reached',
    ],
    [
      'a host that does not exist',
      () => ({ QCC_BASE_URL: 'https://qcc.invalid/api' }),
      'DNS: QCC_BASE_URL must name a host that can be found: ',
    ],
    [
      'a port on which nothing listens',
      () => ({ QCC_BASE_URL: 'http://127.0.0.1:1/api' }),
      'connection: 127.0.0.1:1 must answer: ECONNREFUSED. Check the firewall and QCC_BASE_URL',
    ],
    [
      'a server that does not speak TLS',
      () => ({ QCC_BASE_URL: sandbox.url.replace('http:', 'https:') }),
      ' must speak TLS: ',
    ],
  ])('says what is wrong with %s, and exits with 3', async (_, prepare, message) => {
    const { code, output } = await doctor(prepare());
    expect(output.split('\n').filter((line) => line.startsWith('wrong'))).toContainEqual(
      expect.stringContaining(message),
    );
    expect(code).toBe(3);
  });

  it.each([
    [-3600, '3600 s ahead of'],
    [600, '600 s behind'],
  ])('compares the clock with a host whose Date is off by %i s', async (seconds, message) => {
    const origin = await startServer((_request, response) => {
      response.setHeader('date', new Date(Date.now() + seconds * 1000).toUTCString());
      response.end();
    });
    const { code, output } = await doctor({ QCC_BASE_URL: `${origin}/api/yj` });
    expect([code, output]).toEqual([
      3,
      expect.stringMatching(
        /^wrong clock: it is \d+ s \w+.* the clock of the host\. Set it, for example with NTP/m,
      ),
    ]);
    const [, skew] = /it is (\d+) s/.exec(output) ?? [];
    expect(Math.abs(Number(skew) - Math.abs(seconds))).toBeLessThanOrEqual(2);
    expect(output).toContain(message.replace(/^\d+ s /, ''));
  });

  it('sends no key to check the way', async () => {
    const seen: string[] = [];
    const origin = await startServer((request, response) => {
      seen.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)}`);
      response.end();
    });
    await doctor({ QCC_BASE_URL: `${origin}/api/yj` });
    expect(seen).toEqual([expect.stringMatching(/^HEAD \/ /)]);
    expect(seen[0]).not.toMatch(/key|token/i);
  });

  it('leaves a running gateway on the same folder as it is', async () => {
    const env = envFor(sandbox, folder);
    const gateway = run(env);
    const url = await urlIn(gateway);
    const query = '{ company(searchKey: "sandbox:rows:3") { endCases { totalCount } } }';
    await ask(url, query);
    const { code, output } = await doctor();
    expect([code, output]).toEqual([
      0,
      expect.stringContaining(
        'ok    ledger: calls in the last 30 days: 1, of them billed: 1, maybe billed: 0',
      ),
    ]);
    expect(output).toContain('ok    store: every record can be read');
    const { extensions } = await ask(url, query.replace('totalCount', 'totalCount nodes { id }'));
    expect(extensions.cost).toMatchObject({ billed: 0, cached: 1 });
    expect(await stop(gateway)).toBe(0);
  });
});

describeWithRedis('doctor with Redis', () => {
  it('says whether Redis can be used, and whether it keeps what was paid for', async () => {
    const redis = closeAfterTest(await startRedis());
    const good = await doctor({ REDIS_URL: redis.url });
    expect([good.code, good.output]).toEqual([
      0,
      expect.stringContaining('ok    store: Redis can be used\n'),
    ]);
    await redis.configure('maxmemory-policy', 'allkeys-lru');
    const evicting = await doctor({ REDIS_URL: redis.url });
    expect([evicting.code, evicting.output]).toEqual([
      3,
      expect.stringContaining(
        'wrong store: Redis may evict leases and answers that were paid for: set maxmemory-policy to noeviction',
      ),
    ]);
    expect(existsSync(folder)).toBe(false);
  });

  it('reads the ledger of other hosts there, as ledger export does', async () => {
    const redis = closeAfterTest(await startRedis());
    const env = { ...envFor(sandbox, temporaryFolder()), REDIS_URL: redis.url };
    const gateway = run(env);
    await ask(await urlIn(gateway), '{ company(searchKey: "sandbox:rows:3") { hasEndCases } }');
    expect(await stop(gateway)).toBe(0);
    expect((await doctor({ REDIS_URL: redis.url })).output).toContain('calls in the last 30 days: 1');
    const rows = await linesOf({ ...env, DATA_DIR: folder }, 'ledger', 'export', '--format', 'jsonl');
    expect(rows).toHaveLength(1);
    expect(existsSync(folder)).toBe(false);
  });
});

describe('doctor --buy', () => {
  it('shows the price, makes one real call, and records it', async () => {
    for (const calls of [1, 2]) {
      const { code, output } = await doctor({}, '--buy');
      expect(code).toBe(0);
      expect(output).toContain('Buying one page of 浙江省临海标准件工业公司 for 0.3 yuan …\n');
      // Its answer is never one that was bought before.
      expect(sandbox.statistics.total).toMatchObject({ calls, billed: calls });
      const { orderNumber } = sandbox.statistics.log.at(-1) ?? {};
      expect(output).toContain(
        `ok    purchase: QCC answered, billed: 1, 0.3 yuan, order number ${orderNumber}\n`,
      );
    }
    const rows = await linesOf(envFor(sandbox, folder), 'ledger', 'export', '--format', 'jsonl');
    expect(rows.map((row) => JSON.parse(row))).toMatchObject([
      { client: 'doctor', operation: 'Doctor', billed: 'yes', price: '0.3' },
      { client: 'doctor', billed: 'yes' },
    ]);
  });

  it('reports what QCC refuses, and exits with 3', async () => {
    sandbox.setRefusal('112');
    const { code, output } = await doctor({}, '--buy');
    expect([code, output]).toEqual([
      3,
      expect.stringContaining('wrong purchase: UPSTREAM_QUOTA_EXHAUSTED: '),
    ]);
  });

  it('keeps to the budget, and exits with 4', async () => {
    const { code, output } = await doctor({ BUDGET_PER_DAY: '0' }, '--buy');
    expect([code, output]).toEqual([4, expect.stringContaining('wrong purchase: BUDGET_EXCEEDED: ')]);
    expect(sandbox.statistics.total.calls).toBe(0);
  });

  it('buys nothing if something is wrong, or without keys', async () => {
    const wrong = await doctor({ REDIS_URL: 'redis://127.0.0.1:1' }, '--buy');
    expect([wrong.code, wrong.output]).toEqual([
      3,
      expect.stringContaining('nothing was bought: fix what is wrong'),
    ]);
    const keyless = await runToEnd({ DATA_DIR: folder }, 'doctor', '--buy');
    expect([keyless.code, keyless.output]).toEqual([
      1,
      expect.stringContaining('nothing was bought: QCC_KEY and QCC_SECRET_KEY must be set'),
    ]);
    expect(sandbox.statistics.total.calls).toBe(0);
  });
});
