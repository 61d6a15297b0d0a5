import { EmbeddedStore } from '../../src/store/embedded/embedded-store.js';
import { StoreUnavailable } from '../../src/store/store.js';
import { closeAfterTest } from '../support/cleanup.js';
import { describeWithRedis, type RedisServer, startRedis } from '../support/redis.js';
import { READONLY_OF_REDIS_6, startRewordingProxy } from '../support/rewording-proxy.js';
import { bytes, countsIn, later, openShared, reports, rowsOf, textOf } from '../support/stores.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { waitUntil } from '../support/wait-until.js';

const limits = [{ field: 'all', limit: 9 }];
const label = { group: 'usage 1', field: 'yes', until: later() };

describeWithRedis('a Redis that is back', () => {
  it('is used while the spool is shipped to it, for all but usage', async () => {
    const redis = closeAfterTest(await startRedis());
    const spool = new EmbeddedStore(temporaryFolder(), 'n', 'spool');
    await spool.entries.put('a', bytes('meanwhile'), later());
    await spool.journal.append({ key: '1', bytes: bytes('meanwhile'), label });
    let ship: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      ship = resolve;
    });
    const { rows } = spool.journal;
    jest.spyOn(spool.journal, 'rows').mockImplementation(async function* (
      this: typeof spool.journal,
      ...range
    ) {
      await held;
      yield* rows.apply(this, range);
    });
    const store = openShared(redis.url, 'n', spool);
    await waitUntil(
      async () => (await store.counters.reserve('day', limits, 1, later()).catch(() => false)) === null,
    );
    expect(store.isComplete).toBe(false);
    expect(textOf(await store.entries.get('a'))).toBe('meanwhile');
    await expect(store.counters.readAll('usage 1')).rejects.toBeInstanceOf(StoreUnavailable);
    ship();
    await waitUntil(() => store.isComplete);
    expect(await rowsOf(store)).toEqual(['1 meanwhile']);
    expect(await countsIn(store, 'usage 1')).toEqual({ yes: 1 });
  });
});

describeWithRedis('a Redis that refuses commands', () => {
  let redis: RedisServer;
  beforeEach(async () => {
    redis = closeAfterTest(await startRedis());
  });

  it('at maxmemory fails these alone: it is not lost, and rows that it refused are sent again', async () => {
    const store = openShared(redis.url, 'n');
    await waitUntil(() => store.health() === 'ok');
    await store.entries.put('a', bytes('before'), later());
    reports.length = 0;
    await redis.configure('maxmemory', '1');
    await expect(store.entries.put('b', bytes('x'), later())).rejects.toThrow('OOM');
    await expect(store.counters.add('t', new Map([['a', 1]]), later())).rejects.toThrow('OOM');
    await expect(store.counters.reserve('day', limits, 1, later())).rejects.toThrow('OOM');
    // Leases move to the spool, and the row waits there.
    expect(await store.leases.claim('q', 'one', 5000, ['c'])).toEqual({ holder: 'one' });
    expect(await store.leases.take('q', 'other', 5000)).toBe('one');
    await store.journal.append({ key: '1', bytes: bytes('begun'), label });
    await store.journal.settle({ key: '1', bytes: bytes('settled'), label });
    expect(textOf(await store.entries.get('a'))).toBe('before');
    expect(store.health()).toBe('ok');
    expect(reports.filter((message) => message.includes('is lost'))).toEqual([]);
    expect(await rowsOf(store)).toEqual([]);
    await redis.configure('maxmemory', '0');
    await waitUntil(async () => (await rowsOf(store)).length > 0, 'the row arrives in Redis');
    expect(await rowsOf(store)).toEqual(['1 settled']);
    expect(await countsIn(store, 'usage 1')).toEqual({ yes: 1 });
    expect(await store.counters.reserve('day', limits, 1, later())).toBeNull();
  });

  it('at maxmemory does not keep an instance that starts from using it', async () => {
    await redis.configure('maxmemory', '1');
    const store = openShared(redis.url, 'n');
    await waitUntil(() => store.health() === 'ok');
    await expect(store.entries.put('b', bytes('x'), later())).rejects.toThrow('OOM');
  });

  it('is used, and its leases are released, though the spool cannot be shipped', async () => {
    const spool = new EmbeddedStore(temporaryFolder(), 'n', 'spool');
    const full = new StoreUnavailable('DATA_DIR is full');
    jest.spyOn(spool.counters, 'takeAll').mockRejectedValue(full);
    jest.spyOn(spool.leases, 'release').mockRejectedValue(full);
    const store = openShared(redis.url, 'n', spool);
    await waitUntil(() => store.isComplete);
    expect(await store.leases.take('q', 'one', 60_000)).toBe('one');
    await expect(store.leases.release('q', 'one')).rejects.toBe(full);
    expect(await store.leases.take('q', 'two', 60_000)).toBe('two');
  });

  it.each([
    ['as a replica', undefined],
    ['as a replica in the words of Redis 6', READONLY_OF_REDIS_6],
  ])('%s is lost: the spool replaces it until it is a primary again', async (_how, reply) => {
    const url = reply === undefined ? redis.url : (await startRewordingProxy(redis.port, reply)).url;
    const store = openShared(url, 'n');
    await waitUntil(() => store.health() === 'ok');
    await redis.command('replicaof', '127.0.0.1', '1');
    expect(await store.leases.take('q', 'one', 5000)).toBe('one');
    expect(store.health()).toBe('degraded');
    await store.entries.put('a', bytes('meanwhile'), later());
    await redis.command('replicaof', 'no', 'one');
    await waitUntil(() => store.health() === 'ok');
    await waitUntil(async () => textOf(await store.entries.get('a')) === 'meanwhile');
  });
});
