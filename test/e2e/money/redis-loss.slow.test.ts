import { closeAfterTest } from '../../support/cleanup.js';
import { prepareFleet, startTwoOn } from '../../support/fleet.js';
import { type Data, jsonOf } from '../../support/gateway.js';
import { describeWithRedis, startRedis } from '../../support/redis.js';
import { waitUntil } from '../../support/wait-until.js';

// Slow by nature: a command to a Redis that hangs fails after two seconds.
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
          // An answer that was on its way when Redis was lost may have been stored only there.
          const isWithoutRedis = lost;
          const { errors, extensions } = await ask(
            urls[index % 2] ?? '',
            `{ endCase(id: "case ${index}") { court } }`,
          );
          given.push(...extensions.cost.orderNumbers);
          if (errors) failures.push(errors);
          if (isWithoutRedis) meanwhile.push(index);
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
