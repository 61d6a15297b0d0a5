import { type Sandbox, startSandbox } from '../../../src/sandbox/server.js';
import { closeAfterTest } from '../../support/cleanup.js';
import { startTestGateway, type TestGateway } from '../../support/gateway.js';
import { describeWithRedis, type RedisServer, startRedis } from '../../support/redis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** A budget that has no end is not spent for ever. */
const MAX_QUESTIONS = 2000;

const FILL = `for i = 1, ARGV[1] do redis.call('SET', 'other ' .. i, string.rep('x', 1000), 'EX', 5000000) end`;

let asked = 0;

describeWithRedis('a budget of two instances on one Redis', () => {
  let redis: RedisServer;
  let sandbox: Sandbox;
  beforeEach(async () => {
    redis = closeAfterTest(await startRedis());
    sandbox = closeAfterTest(await startSandbox());
  });

  const start = async (budget: number, folder = temporaryFolder()) =>
    closeAfterTest(
      await startTestGateway({
        env: { REDIS_URL: redis.url, BUDGET_PER_DAY: String(budget) },
        upstream: sandbox,
        folder,
      }),
    );

  it('holds though FLUSHALL empties a Redis that keeps its connections', async () => {
    const [one, other] = [await start(100), await start(100)];
    await buy(one, 80);
    await redis.command('flushall');
    await spendAll([other]);
    await spendAll([one]);
    expect(sandbox.statistics.total.calls).toBe(100);
  });

  it.each([
    ['volatile-ttl', 1000],
    ['allkeys-random', 30],
  ])('is not overshot under load while Redis evicts keys by %s', async (policy, others) => {
    const gateways = [await start(300), await start(300)];
    await buy(gateways[0], 20);
    // Other data that may be evicted, and a limit that is reached at once.
    await redis.command('eval', FILL, '0', String(others));
    await redis.configure('maxmemory-samples', '64');
    await redis.configure('maxmemory-policy', policy);
    const used = /used_memory:(\d+)/.exec(await redis.command('info', 'memory'))?.[1];
    await redis.configure('maxmemory', String(Number(used) + 20_000));
    await spendAll(gateways);
    expect(sandbox.statistics.total.calls).toBeLessThanOrEqual(300);
  });

  it('holds though all instances restart while Redis loses its data', async () => {
    const folder = temporaryFolder();
    const before = await start(100, folder);
    await buy(before, 80);
    await before.stop();
    await redis.command('flushall');
    await spendAll([await start(100, folder), await start(100)]);
    expect(sandbox.statistics.total.calls).toBe(100);
  });
});

/** Buys answers that nobody has bought. */
async function buy(gateway: TestGateway | undefined, count: number): Promise<void> {
  for (let bought = 0; bought < count; bought++) expect((await ask(gateway)).errors).toBeUndefined();
}

/** Buys until each gateway has found that nothing is left of the budget. */
async function spendAll(gateways: readonly TestGateway[]): Promise<void> {
  const end = asked + MAX_QUESTIONS;
  const spend = async (gateway: TestGateway) => {
    for (;;) {
      const { errors = [] } = await ask(gateway);
      if (errors.some(({ extensions }) => 'budget' in extensions)) return;
      if (asked > end) return;
      if (errors.length > 0) await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  await Promise.all(gateways.flatMap((gateway) => Array.from({ length: 8 }, () => spend(gateway))));
}

function ask(gateway: TestGateway | undefined) {
  asked += 1;
  if (gateway === undefined) throw new TypeError('no gateway');
  return gateway.query(`{ endCase(id: "case ${asked}") { court } }`);
}
