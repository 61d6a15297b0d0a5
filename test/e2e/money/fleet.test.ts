import { closeAfterTest } from '../../support/cleanup.js';
import { prepareFleet, testStampede } from '../../support/fleet.js';
import { holdUpstream } from '../../support/held-upstream.js';
import { describeWithRedis, startRedis } from '../../support/redis.js';
import { waitUntil } from '../../support/wait-until.js';

// fleet.slow.test.ts does the same with 10,000.
testStampede(100);

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

  it('leaves a row in the ledger for every call in flight', async () => {
    await testCallsInFlight({}, async () => undefined);
  });

  it('does not keep others from buying the answer it was waiting for', async () => {
    const fleet = await prepareFleet();
    const { sandbox, ask } = fleet;
    const upstream = closeAfterTest(await holdUpstream(sandbox));
    const env = { QCC_BASE_URL: upstream.url };
    // The lease of the first process lasts for one attempt. The second waits long enough for any lease that ends.
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

describeWithRedis('a process that is killed while Redis loses its data', () => {
  it('leaves a row in the ledger for every call in flight', async () => {
    const redis = closeAfterTest(await startRedis());
    await testCallsInFlight({ REDIS_URL: redis.url }, async () => {
      await redis.kill();
      await redis.restart();
    });
  });
});

/** @param crash what else is lost when the process is killed */
async function testCallsInFlight(store: Record<string, string>, crash: () => Promise<void>): Promise<void> {
  const fleet = await prepareFleet();
  const upstream = closeAfterTest(await holdUpstream(fleet.sandbox));
  const env = { ...store, QCC_BASE_URL: upstream.url, QCC_MAX_CONCURRENCY: '10' };
  const { url, child } = await fleet.start(env);
  const asking = Array.from({ length: 30 }, (_, index) =>
    fleet.ask(url, `{ endCase(id: "case ${index}") { court } }`),
  );
  await waitUntil(() => upstream.held === 10);
  child.kill('SIGKILL');
  await Promise.allSettled(asking);
  await crash();
  const rows = await fleet.ledgerRows(env);
  // The other 20 wait for a slot: they are neither made nor recorded.
  expect(rows.map(({ subject }) => subject).sort()).toEqual([...upstream.arrived].sort());
  expect(rows.map(({ billed, status }) => `${billed} ${status}`)).toEqual(Array(10).fill('maybe null'));
}
