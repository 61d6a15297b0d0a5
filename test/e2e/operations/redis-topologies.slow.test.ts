import { type Sandbox, startSandbox } from '../../../src/sandbox/server.js';
import { closeAfterTest } from '../../support/cleanup.js';
import { jsonOf, startTestGateway, type TestGateway } from '../../support/gateway.js';
import { describeWithRedis, redisCli } from '../../support/redis.js';
import {
  itWithTlsRedis,
  makeCertificates,
  startCluster,
  startSentinels,
  startTlsRedis,
} from '../../support/redis-topologies.js';
import { waitUntil } from '../../support/wait-until.js';

describeWithRedis('two instances', () => {
  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = closeAfterTest(await startSandbox({ latency: 20 }));
  });

  const start = async (url: string, env: Record<string, string> = {}) =>
    closeAfterTest(await startTestGateway({ env: { REDIS_URL: url, ...env }, upstream: sandbox }));

  const startTwo = async (url: string, env: Record<string, string> = {}) =>
    [await start(url, env), await start(url, env)] as const;

  /** Sends each question to both gateways at once, and expects no error. Returns the calls that this made. */
  async function callsFor(gateways: readonly TestGateway[], name: string, count: number): Promise<number> {
    const before = sandbox.statistics.total.calls;
    for (let index = 0; index < count; index++) {
      const answers = await Promise.all(
        gateways.map(({ query }) => query(`{ endCase(id: "${name} ${index}") { court } }`)),
      );
      expect(answers.flatMap(({ errors = [] }) => errors)).toEqual([]);
    }
    return sandbox.statistics.total.calls - before;
  }

  const isComplete = async ({ url }: TestGateway) => {
    const { store, ledger } = await jsonOf(await fetch(new URL('/readyz', url)));
    return store === 'ok' && ledger === 'ok';
  };

  it('on a cluster buy each answer once, and share the budget and the ledger', async () => {
    const { url } = await startCluster();
    const gateways = await startTwo(url, { BUDGET_PER_DAY: '30' });
    expect(await callsFor(gateways, 'a case', 25)).toBe(25);
    for (const { query } of gateways) {
      const { data } = await query('{ usage { total { calls cached shared } } }');
      expect(data.usage.total.calls).toBe(25);
    }
    expect(await callsFor(gateways, 'a further case', 5)).toBe(5);
    const refused = await gateways[1].query('{ endCase(id: "one too many") { court } }');
    expect(refused.errors?.[0]?.extensions).toMatchObject({ code: 'BUDGET_EXCEEDED', budget: { left: 0 } });
    expect(await Promise.all(gateways.map(isComplete))).toEqual([true, true]);
  });

  it('on a cluster follow their keys to another node', async () => {
    const { url, nodes } = await startCluster();
    const gateways = await startTwo(url);
    expect(await callsFor(gateways, 'before', 5)).toBe(5);
    const owner = await ownerOf(nodes);
    await moveSlot(
      owner.slot,
      owner.node,
      nodes.find((node) => node !== owner.node),
    );
    await waitUntil(async () => (await Promise.all(gateways.map(isComplete))).every(Boolean));
    expect(await callsFor(gateways, 'before', 5)).toBe(0);
    expect(await callsFor(gateways, 'after', 5)).toBe(5);
  });

  it.each([[[]], [['requirepass secret']]])(
    'behind Sentinels follow a failover: answers and the budget stay what they were (Sentinels with %j)',
    async (options) => {
      const { url, primary, replica } = await startSentinels(...options);
      const withLogin = options.length > 0 ? url.replace('://', '://:secret@') : url;
      if (options.length > 0) {
        for (const { command } of [primary, replica]) await command('config', 'set', 'masterauth', 'secret');
      }
      const gateways = await startTwo(withLogin, { BUDGET_PER_DAY: '40' });
      expect(await callsFor(gateways, 'before', 20)).toBe(20);
      await waitUntil(async () => (await replica.command('dbsize')) === (await primary.command('dbsize')));
      await primary.kill();
      await waitUntil(async () => (await replica.command('role')).startsWith('master'));
      await waitUntil(async () => (await Promise.all(gateways.map(isComplete))).every(Boolean));
      expect(await callsFor(gateways, 'before', 20)).toBe(0);
      expect(await callsFor(gateways, 'after', 20)).toBe(20);
      const refused = await gateways[0].query('{ endCase(id: "one too many") { court } }');
      expect(refused.errors?.[0]?.extensions).toMatchObject({ budget: { left: 0 } });
    },
  );

  itWithTlsRedis('reach a Redis that encrypts, with an authority and a certificate of its own', async () => {
    const files = makeCertificates();
    const { port } = await startTlsRedis(files);
    const gateways = await startTwo(`rediss://127.0.0.1:${port}`, {
      REDIS_CA_FILE: files.ca,
      REDIS_CERT_FILE: files.cert,
      REDIS_KEY_FILE: files.key,
    });
    expect(await callsFor(gateways, 'a case', 5)).toBe(5);
    expect(await Promise.all(gateways.map(isComplete))).toEqual([true, true]);
  });
});

type Nodes = Awaited<ReturnType<typeof startCluster>>['nodes'];

/** The node of a cluster that has keys, and the slot of these. */
async function ownerOf(nodes: Nodes) {
  for (const node of nodes) {
    const key = await node.command('randomkey');
    if (key !== '') return { node, slot: await node.command('cluster', 'keyslot', key) };
  }
  throw new Error('no node has keys');
}

async function moveSlot(slot: string, from: Nodes[number], to: Nodes[number] | undefined): Promise<void> {
  if (to === undefined) throw new TypeError('a cluster has several nodes');
  const [source, target] = [await from.command('cluster', 'myid'), await to.command('cluster', 'myid')];
  await to.command('cluster', 'setslot', slot, 'importing', source);
  await from.command('cluster', 'setslot', slot, 'migrating', target);
  for (let keys = ['-']; keys[0] !== ''; ) {
    keys = (await from.command('cluster', 'getkeysinslot', slot, '100')).split('\n');
    await redisCli(
      '-p',
      String(from.port),
      'migrate',
      '127.0.0.1',
      String(to.port),
      '',
      '0',
      '5000',
      'keys',
      ...keys,
    );
  }
  for (const { command } of [to, from]) await command('cluster', 'setslot', slot, 'node', target);
}
