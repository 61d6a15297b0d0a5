import { closeAfterTest } from '../../support/cleanup.js';
import { prepareFleet, startTwoOn, testStampede } from '../../support/fleet.js';
import { type Data, jsonOf } from '../../support/gateway.js';
import { holdUpstream } from '../../support/held-upstream.js';
import { describeWithRedis, startRedis } from '../../support/redis.js';
import { waitUntil } from '../../support/wait-until.js';

// fleet.slow.test.ts does the same with 10,000.
testStampede(500);

describe('a process that is killed', () => {
  it('while it buys loses no ledger row of an answer it gave, and nothing is bought twice', async () => {
    const fleet = await prepareFleet(20);
    const { sandbox, ask } = fleet;
    const { url, child } = await fleet.start();
    const given: string[] = [];
    const asking = Array.from({ length: 200 }, async (_, index) => {
      const { extensions } = await ask(url, `{ endCase(id: "case ${index}") { court } }`);
      given.push(...extensions.cost.orderNumbers);
    });
    await waitUntil(() => given.length >= 60);
    child.kill('SIGKILL');
    await Promise.allSettled(asking);
    const recorded = new Set((await fleet.ledgerRows()).map(({ orderNumber }) => orderNumber));
    expect(given.filter((orderNumber) => !recorded.has(orderNumber))).toEqual([]);
    const again = await fleet.start();
    const bought = sandbox.statistics.total.calls;
    const ids = sandbox.statistics.log
      .filter(({ orderNumber }) => orderNumber !== null && given.includes(orderNumber))
      .map(({ parameters }) => parameters.id);
    expect(ids).toHaveLength(given.length);
    await Promise.all(ids.map((id) => ask(again.url, `{ endCase(id: "${id}") { court } }`)));
    expect(sandbox.statistics.total.calls).toBe(bought);
  });

  it('does not keep others from buying the answer it was waiting for', async () => {
    const fleet = await prepareFleet();
    const { sandbox, ask } = fleet;
    const upstream = closeAfterTest(await holdUpstream(sandbox));
    const env = { QCC_BASE_URL: upstream.url };
    // The lease of the first lasts for one attempt. The second is patient, so that only a lease without end fails it.
    const one = await fleet.start({ ...env, QCC_TIMEOUT: '2s' });
    const other = await fleet.start(env);
    const query = '{ endCase(id: "case") { court } }';
    void ask(one.url, query).catch(() => undefined);
    await waitUntil(() => upstream.held === 1);
    one.child.kill('SIGKILL');
    const answered = ask(other.url, query);
    await waitUntil(() => upstream.arrived.length === 2, 'the other process makes a call of its own');
    upstream.open();
    const { errors, extensions } = await answered;
    expect(errors).toBeUndefined();
    expect(extensions.cost.billed).toBe(1);
  });
});

describeWithRedis('two instances on one Redis', () => {
  it.each(['killed', 'hanging'])(
    'answer without an error while Redis is %s, and lose no row of the ledger',
    async (how) => {
      const redis = closeAfterTest(await startRedis());
      const fleet = await prepareFleet(5);
      const { sandbox, ask } = fleet;
      const urls = await startTwoOn(fleet, redis.url, { QCC_TIMEOUT: '60s' });
      const given: string[] = [];
      const failures: Data[] = [];
      const meanwhile: number[] = [];
      let lost = false;
      const worker = async (from: number) => {
        for (let index = from; index < from + 60; index++) {
          const { errors, extensions } = await ask(
            urls[index % 2] ?? '',
            `{ endCase(id: "case ${index}") { court } }`,
          );
          given.push(...extensions.cost.orderNumbers);
          if (errors) failures.push(errors);
          if (lost) meanwhile.push(index);
        }
      };
      const load = Promise.all([0, 1000, 2000, 3000].map(worker));
      await waitUntil(() => given.length > 40);
      if (how === 'killed') await redis.kill();
      else redis.pause();
      const health = async (index: number) => jsonOf(await fetch(new URL('/readyz', urls[index])));
      await waitUntil(
        async () => (await health(0)).store === 'degraded' && (await health(1)).store === 'degraded',
      );
      expect((await health(0)).status).toBe('degraded');
      lost = true;
      await waitUntil(() => meanwhile.length > 40);
      lost = false;
      if (how === 'killed') await redis.restart();
      else redis.resume();
      await load;
      expect(failures).toEqual([]);
      expect(given).toHaveLength(240);
      await waitUntil(async () => (await health(0)).store === 'ok' && (await health(1)).store === 'ok');
      const env = { REDIS_URL: redis.url, DATA_DIR: `${fleet.folder}/reader` };
      await waitUntil(async () => (await fleet.ledgerRows(env)).length >= 240);
      const recorded = new Set((await fleet.ledgerRows(env)).map(({ orderNumber }) => orderNumber));
      expect(given.filter((orderNumber) => !recorded.has(orderNumber))).toEqual([]);
      // Answers that one instance bought while Redis was away serve the other.
      const bought = sandbox.statistics.total.calls;
      for (const index of meanwhile.slice(0, 30)) {
        await ask(urls[(index + 1) % 2] ?? '', `{ endCase(id: "case ${index}") { court } }`);
      }
      expect(sandbox.statistics.total.calls).toBe(bought);
    },
  );
});
