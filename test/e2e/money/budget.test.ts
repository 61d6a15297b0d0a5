import { startTestGateway, type TestGateway } from '../../support/gateway.js';
import { describeWithRedis, type RedisServer, startRedis } from '../../support/redis.js';

const started: TestGateway[] = [];
const start = async (options: Parameters<typeof startTestGateway>[0]) => {
  const setup = await startTestGateway(options);
  started.push(setup);
  return setup;
};
afterEach(() => Promise.all(started.splice(0).map((setup) => setup.close())));

const buy = (setup: TestGateway, index: number) =>
  setup.query(`{ company(searchKey: "公司${index}") { hasEndCases } }`);
const code = (response: Awaited<ReturnType<typeof buy>>) => response.errors?.[0]?.extensions.code ?? 'bought';

/** 2026-11-24T12:00 in Shanghai. */
const NOON = Date.parse('2026-11-24T04:00:00Z');

describe('a budget', () => {
  it('of 100 lets 200 buyers at once buy exactly 100', async () => {
    const setup = await start({ env: { BUDGET_PER_DAY: '100' }, latency: 5 });
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, (_, index) => buy(setup, index).then(code)),
    );
    expect(outcomes.filter((outcome) => outcome === 'bought')).toHaveLength(100);
    expect(outcomes.filter((outcome) => outcome === 'BUDGET_EXCEEDED')).toHaveLength(100);
    expect(setup.sandbox.statistics.total.billed).toBe(100);
  });

  it('says which it is, what is left and when it turns; what is cached still serves', async () => {
    let time = NOON;
    const setup = await start({ env: { BUDGET_PER_DAY: '2' }, now: () => time });
    await buy(setup, 1);
    await buy(setup, 2);
    const { errors, data } = await buy(setup, 3);
    expect(errors?.[0]?.message).toBe(
      'BUDGET_PER_DAY has 0 of 2 billed calls left, and this needs 1; it turns at 2026-11-25T00:00:00+08:00.',
    );
    expect(errors?.[0]?.extensions).toEqual({
      code: 'BUDGET_EXCEEDED',
      retryable: true,
      retryAfter: 12 * 3600,
    });
    expect(data).toBeNull();
    expect(code(await buy(setup, 1))).toBe('bought');
    time += 12 * 3_600_000;
    expect(code(await buy(setup, 3))).toBe('bought');
  });

  it('refuses the whole operation where its least does not fit, else at the call that no longer does', async () => {
    const setup = await start({ env: { BUDGET_PER_DAY: '3' } });
    const four = await setup.query(
      '{ companies(searchKeys: ["公司1", "公司2", "公司3", "公司4"]) { hasEndCases } }',
    );
    expect([four.data, code(four), setup.sandbox.statistics.total.calls]).toEqual([
      null,
      'BUDGET_EXCEEDED',
      0,
    ]);
    const some = await setup.query(
      '{ company(searchKey: "sandbox:rows:9") { endCases { nodes { detail { certificateNo } } } } }',
    );
    const details = some.data.company.endCases.nodes.map(({ detail }: { detail: unknown }) => detail);
    expect(details.filter((detail: unknown) => detail !== null)).toHaveLength(2);
    expect(some.errors?.map(({ extensions }) => extensions.code)).toEqual(Array(7).fill('BUDGET_EXCEEDED'));
    expect(setup.sandbox.statistics.total.billed).toBe(3);
  });

  it('is not spent by calls that are not billed, but by those that may have been', async () => {
    const setup = await start({ env: { BUDGET_PER_DAY: '2' } });
    for (const card of ['status:117', 'status:223', 'busy-once', 'reset']) {
      await setup.query(`{ endCase(id: "sandbox:${card}") { court } }`);
    }
    const { total } = setup.sandbox.statistics;
    expect([total.billed, total.maybeBilled]).toEqual([1, 1]);
    expect(code(await buy(setup, 1))).toBe('BUDGET_EXCEEDED');
  });

  it('of a client is its own', async () => {
    const setup = await start({ env: { BUDGET_PER_CLIENT_PER_DAY: '1', BUDGET_PER_DAY: '9' } });
    await buy(setup, 1);
    const { errors } = await buy(setup, 2);
    expect(errors?.[0]?.message).toMatch(/BUDGET_PER_CLIENT_PER_DAY has 0 of 1 .* for anonymous/);
  });

  it('outlives a restart', async () => {
    const setup = await start({ env: { BUDGET_PER_DAY: '1' } });
    await buy(setup, 1);
    const folder = setup.folder;
    await setup.gateway.close();
    const again = await start({ env: { BUDGET_PER_DAY: '1' }, folder, upstream: setup.sandbox });
    expect(code(await buy(again, 2))).toBe('BUDGET_EXCEEDED');
  });
});

describeWithRedis('a budget of several instances', () => {
  let redis: RedisServer;
  beforeEach(async () => {
    redis = await startRedis();
  });
  afterEach(() => redis.close());

  const two = async () => {
    const env = { BUDGET_PER_DAY: '100', REDIS_URL: redis.url };
    const one = await start({ env });
    return [one, await start({ env, upstream: one.sandbox })] as const;
  };

  it('is one budget', async () => {
    const [one, other] = await two();
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, (_, index) => buy(index % 2 ? one : other, index).then(code)),
    );
    expect(outcomes.filter((outcome) => outcome === 'bought')).toHaveLength(100);
    expect(one.sandbox.statistics.total.billed).toBe(100);
  });

  it('is not overshot while Redis is lost, nor when it comes back and has forgotten all', async () => {
    const [one, other] = await two();
    for (let index = 0; index < 90; index++) await buy(index % 2 ? one : other, index);
    await redis.kill();
    const lost = await Promise.all(
      Array.from({ length: 20 }, (_, index) => buy(one, 100 + index).then(code)),
    );
    expect(new Set(lost)).toEqual(new Set(['BUDGET_EXCEEDED']));
    await redis.restart();
    // All instances tell a server that forgot what was spent what they saw; meanwhile nothing is bought.
    await new Promise((resolve) => setTimeout(resolve, 5000));
    const back = await Promise.all(
      Array.from({ length: 60 }, (_, index) => buy(index % 2 ? one : other, 200 + index).then(code)),
    );
    expect(back.filter((outcome) => outcome === 'bought')).toHaveLength(10);
    expect(one.sandbox.statistics.total.billed).toBe(100);
  });
});
