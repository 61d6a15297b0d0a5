import { closeAfterTest } from '../../support/cleanup.js';
import {
  jsonOf,
  startTestGateway,
  type TestGateway,
  type TestGatewayOptions,
} from '../../support/gateway.js';
import { describeWithRedis, type RedisServer, startRedis } from '../../support/redis.js';
import { waitUntil } from '../../support/wait-until.js';

const start = async (options: TestGatewayOptions) => closeAfterTest(await startTestGateway(options));
const buy = (gateway: TestGateway, index: number) =>
  gateway.query(`{ company(searchKey: "公司${index}") { hasEndCases } }`);
const code = (response: Awaited<ReturnType<typeof buy>>) => response.errors?.[0]?.extensions.code ?? 'bought';

const isReady = async ({ url }: TestGateway) => {
  const response = await fetch(new URL('/readyz', url));
  return (await jsonOf(response)).store === 'ok';
};

/** 2026-11-24T12:00 in Shanghai. */
const NOON = Date.parse('2026-11-24T04:00:00Z');

describe('a budget', () => {
  it('of 40 lets exactly 40 of 80 concurrent purchases through', async () => {
    const gateway = await start({ env: { BUDGET_PER_DAY: '40' }, latency: 5 });
    const outcomes = await Promise.all(
      Array.from({ length: 80 }, (_, index) => buy(gateway, index).then(code)),
    );
    expect(outcomes.filter((outcome) => outcome === 'bought')).toHaveLength(40);
    expect(outcomes.filter((outcome) => outcome === 'BUDGET_EXCEEDED')).toHaveLength(40);
    expect(gateway.sandbox.statistics.total.billed).toBe(40);
  });

  it('names itself, what is left and when it renews in the error, and cached answers still serve', async () => {
    let time = NOON;
    const gateway = await start({ env: { BUDGET_PER_DAY: '2' }, now: () => time });
    await buy(gateway, 1);
    await buy(gateway, 2);
    const { errors, data } = await buy(gateway, 3);
    expect(errors?.[0]?.message).toBe(
      'BUDGET_PER_DAY has 0 of 2 billed calls left, and this needs 1. It resets at 2026-11-25T00:00:00+08:00.',
    );
    expect(errors?.[0]?.extensions).toEqual({
      code: 'BUDGET_EXCEEDED',
      budget: { name: 'BUDGET_PER_DAY', limit: 2, left: 0, resetsAt: '2026-11-25T00:00:00+08:00' },
      retryable: true,
      retryAfter: 12 * 3600,
    });
    expect(data).toBeNull();
    expect(code(await buy(gateway, 1))).toBe('bought');
    time += 12 * 3_600_000;
    expect(code(await buy(gateway, 3))).toBe('bought');
  });

  it('refuses an operation whose minimum does not fit, else each call that no longer fits', async () => {
    const gateway = await start({ env: { BUDGET_PER_DAY: '3' } });
    const four = await gateway.query(
      '{ companies(searchKeys: ["公司1", "公司2", "公司3", "公司4"]) { hasEndCases } }',
    );
    expect([four.data, code(four), gateway.sandbox.statistics.total.calls]).toEqual([
      null,
      'BUDGET_EXCEEDED',
      0,
    ]);
    const some = await gateway.query(
      '{ company(searchKey: "sandbox:rows:9") { endCases { nodes { detail { certificateNo } } } } }',
    );
    const details = some.data.company.endCases.nodes.map(({ detail }: { detail: unknown }) => detail);
    expect(details.filter((detail: unknown) => detail !== null)).toHaveLength(2);
    expect(some.errors?.map(({ extensions }) => extensions.code)).toEqual(Array(7).fill('BUDGET_EXCEEDED'));
    expect(gateway.sandbox.statistics.total.billed).toBe(3);
  });

  it('counts calls that were or may have been billed, and no others', async () => {
    const gateway = await start({ env: { BUDGET_PER_DAY: '2' } });
    for (const card of ['status:117', 'status:223', 'busy-once', 'reset']) {
      await gateway.query(`{ endCase(id: "sandbox:${card}") { court } }`);
    }
    const { total } = gateway.sandbox.statistics;
    expect([total.billed, total.maybeBilled]).toEqual([1, 1]);
    expect(code(await buy(gateway, 1))).toBe('BUDGET_EXCEEDED');
  });

  it('of one client is separate from the whole budget', async () => {
    const gateway = await start({ env: { BUDGET_PER_CLIENT_PER_DAY: '1', BUDGET_PER_DAY: '9' } });
    await buy(gateway, 1);
    const { errors } = await buy(gateway, 2);
    expect(errors?.[0]?.message).toMatch(/BUDGET_PER_CLIENT_PER_DAY has 0 of 1 .* for anonymous/);
  });

  it.each(['BUDGET_PER_DAY', 'BUDGET_PER_MONTH'])('of %s survives a restart', async (name) => {
    const env = { [name]: '1' };
    const gateway = await start({ env });
    await buy(gateway, 1);
    await gateway.stop();
    const { folder, sandbox } = gateway;
    const again = await start({ env, folder, upstream: sandbox });
    expect(code(await buy(again, 2))).toBe('BUDGET_EXCEEDED');
  });
});

describe('a budget of a month', () => {
  const budgetIn = ({ errors }: Awaited<ReturnType<typeof buy>>) => errors?.[0]?.extensions.budget;
  const metric = async ({ url }: TestGateway, name: string) => {
    const text = await (await fetch(new URL('/metrics', url))).text();
    return Number(new RegExp(`^endcase_${name} (.*)$`, 'm').exec(text)?.[1]);
  };

  it('lasts over days, and is renewed with the calendar month in Shanghai', async () => {
    let time = Date.parse('2026-11-29T23:30:00+08:00');
    const gateway = await start({ env: { BUDGET_PER_MONTH: '2' }, now: () => time });
    await buy(gateway, 1);
    time += 3_600_000;
    expect(code(await buy(gateway, 2))).toBe('bought');
    const refused = await buy(gateway, 3);
    expect(refused.errors?.[0]?.message).toBe(
      'BUDGET_PER_MONTH has 0 of 2 billed calls left, and this needs 1. It resets at 2026-12-01T00:00:00+08:00.',
    );
    expect(refused.errors?.[0]?.extensions).toEqual({
      code: 'BUDGET_EXCEEDED',
      budget: { name: 'BUDGET_PER_MONTH', limit: 2, left: 0, resetsAt: '2026-12-01T00:00:00+08:00' },
      retryable: true,
      retryAfter: 23.5 * 3600,
    });
    time += 23.5 * 3_600_000;
    expect(code(await buy(gateway, 3))).toBe('bought');
    expect(await metric(gateway, 'monthly_budget_limit_calls')).toBe(2);
    expect(await metric(gateway, 'monthly_budget_left_calls')).toBe(1);
  });

  it('holds beside that of a day; an error names the tightest', async () => {
    let time = NOON;
    const env = { BUDGET_PER_DAY: '3', BUDGET_PER_CLIENT_PER_DAY: '4', BUDGET_PER_MONTH: '5' };
    const gateway = await start({ env, now: () => time });
    const details =
      '{ company(searchKey: "sandbox:rows:9") { endCases { nodes { detail { certificateNo } } } } }';
    const some = await gateway.query(details);
    expect(some.extensions.cost.billed).toBe(3);
    expect(budgetIn(some)).toMatchObject({ name: 'BUDGET_PER_DAY', left: 0 });
    time += 24 * 3_600_000;
    // 2 are left of the month, and 3 of the day.
    const whole = await gateway.query(
      '{ companies(searchKeys: ["公司1", "公司2", "公司3", "公司4"]) { hasEndCases } }',
    );
    expect([whole.data, budgetIn(whole)]).toMatchObject([null, { name: 'BUDGET_PER_MONTH', left: 2 }]);
    // The page has expired, so one detail is left.
    expect((await gateway.query(details)).errors).toHaveLength(6);
    expect(gateway.sandbox.statistics.total.billed).toBe(5);
  });

  it('of 40 lets exactly 40 of 80 concurrent purchases through, and takes no more from the day', async () => {
    const env = { BUDGET_PER_MONTH: '40', BUDGET_PER_DAY: '60' };
    const gateway = await start({ env, latency: 5 });
    const outcomes = await Promise.all(
      Array.from({ length: 80 }, (_, index) => buy(gateway, index).then(code)),
    );
    expect(outcomes.filter((outcome) => outcome === 'bought')).toHaveLength(40);
    expect(gateway.sandbox.statistics.total.billed).toBe(40);
    expect(await metric(gateway, 'budget_left_calls')).toBe(20);
  });

  it('gets back what QCC does not bill', async () => {
    const gateway = await start({ env: { BUDGET_PER_MONTH: '1', BUDGET_PER_DAY: '1' } });
    await gateway.query('{ endCase(id: "sandbox:status:117") { court } }');
    expect(code(await buy(gateway, 1))).toBe('bought');
    expect(code(await buy(gateway, 2))).toBe('BUDGET_EXCEEDED');
  });
});

const NAMES = ['BUDGET_PER_DAY', 'BUDGET_PER_MONTH'];

describeWithRedis('a budget shared by several instances', () => {
  let redis: RedisServer;
  beforeEach(async () => {
    redis = closeAfterTest(await startRedis());
  });

  const two = async (name: string) => {
    const env = { [name]: '40', REDIS_URL: redis.url };
    const one = await start({ env });
    return [one, await start({ env, upstream: one.sandbox })] as const;
  };

  it.each(NAMES)('lets all of them together spend %s once', async (name) => {
    const [one, other] = await two(name);
    const outcomes = await Promise.all(
      Array.from({ length: 80 }, (_, index) => buy(index % 2 ? one : other, index).then(code)),
    );
    expect(outcomes.filter((outcome) => outcome === 'bought')).toHaveLength(40);
    expect(one.sandbox.statistics.total.billed).toBe(40);
  });

  it.each(NAMES)(
    'never overshoots %s, not while Redis is lost and not after Redis has lost its data',
    async (name) => {
      const [one, other] = await two(name);
      for (let index = 0; index < 30; index++) await buy(index % 2 ? one : other, index);
      await redis.kill();
      const lost = await Promise.all(
        Array.from({ length: 20 }, (_, index) => buy(one, 100 + index).then(code)),
      );
      expect(new Set(lost)).toEqual(new Set(['BUDGET_EXCEEDED']));
      await redis.restart();
      // Each instance restores what it saw; until then nothing is bought.
      for (const gateway of [one, other])
        await waitUntil(() => isReady(gateway), 'the instance is back on Redis');
      let attempt = 1000;
      await waitUntil(
        async () => code(await buy(one, attempt++)) === 'bought',
        'purchases are possible again',
      );
      const back = await Promise.all(
        Array.from({ length: 29 }, (_, index) => buy(index % 2 ? one : other, 200 + index).then(code)),
      );
      expect(back.filter((outcome) => outcome === 'bought')).toHaveLength(9);
      expect(one.sandbox.statistics.total.billed).toBe(40);
    },
  );

  it('of a month is restored by an instance that has counted many days since', async () => {
    let time = Date.parse('2026-12-10T04:00:00Z');
    const env = { BUDGET_PER_MONTH: '10', BUDGET_PER_DAY: '100', REDIS_URL: redis.url };
    const gateway = await start({ env, now: () => time });
    for (let day = 0; day < 7; day++) {
      time += 24 * 3_600_000;
      expect(code(await buy(gateway, day))).toBe('bought');
    }
    await redis.kill();
    await redis.restart();
    await waitUntil(() => isReady(gateway), 'the instance is back on Redis');
    let attempt = 1000;
    await waitUntil(
      async () => code(await buy(gateway, attempt++)) === 'bought',
      'purchases are possible again',
    );
    const back = await Promise.all(
      Array.from({ length: 10 }, (_, index) => buy(gateway, 200 + index).then(code)),
    );
    expect(back.filter((outcome) => outcome === 'bought')).toHaveLength(2);
    expect(gateway.sandbox.statistics.total.billed).toBe(10);
  });
});
