import { EmbeddedStore } from '../../src/store/embedded/embedded-store.js';
import type { SharedStore } from '../../src/store/shared/shared-store.js';
import { closeAfterTest } from '../support/cleanup.js';
import { describeWithRedis, type RedisServer, startRedis } from '../support/redis.js';
import {
  bytes,
  countsIn,
  describeStores,
  later,
  openShared,
  reports,
  reservedIn,
  rowsOf,
  textOf,
} from '../support/stores.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { waitUntil } from '../support/wait-until.js';

describeStores('a store', (open) => {
  it('keeps bytes until they expire', async () => {
    const store = await open();
    expect(await store.entries.get('a')).toBeUndefined();
    await store.entries.put('a', bytes('first'), later());
    await store.entries.put('a', bytes('第二'), later());
    await store.entries.put('b', bytes('short'), Date.now() + 30);
    expect(textOf(await store.entries.get('a'))).toBe('第二');
    await waitUntil(async () => (await store.entries.get('b')) === undefined, 'the entry expires');
    expect(textOf(await store.entries.get('a'))).toBe('第二');
  });

  it('removes an entry only while it holds the expected bytes', async () => {
    const store = await open();
    await store.entries.put('a', bytes('new'), later());
    await store.entries.drop('a', bytes('old'));
    expect(textOf(await store.entries.get('a'))).toBe('new');
    await store.entries.drop('a', bytes('new'));
    expect(await store.entries.get('a')).toBeUndefined();
  });

  it('shows its data to every process that shares it, and nothing to another namespace', async () => {
    const [one, other, stranger] = [await open(), await open(), await open('elsewhere')];
    await one.entries.put('a', bytes('x'), later());
    await one.journal.settle({ key: '1', bytes: bytes('row') });
    await one.counters.add('t', new Map([['f', 1]]), later());
    expect(textOf(await other.entries.get('a'))).toBe('x');
    expect(await countsIn(other, 't')).toEqual({ f: 1 });
    expect([await stranger.entries.get('a'), await countsIn(stranger, 't')]).toEqual([undefined, {}]);
    expect(await rowsOf(other)).toEqual(['1 row']);
    expect(await rowsOf(stranger)).toEqual([]);
  });

  it('gives a lease to one holder, until that releases it', async () => {
    const [one, other] = [await open(), await open()];
    const holders = await Promise.all(
      Array.from({ length: 20 }, (_, index) => (index % 2 ? one : other).leases.take('q', `h${index}`, 5000)),
    );
    expect(new Set(holders).size).toBe(1);
    const [holder = ''] = holders;
    expect(await other.leases.take('q', holder, 5000)).toBe(holder);
    await other.leases.release('q', 'someone else');
    expect(await one.leases.take('q', 'next', 5000)).toBe(holder);
    await one.leases.release('q', holder);
    expect(await one.leases.take('q', 'next', 5000)).toBe('next');
  });

  it('never reserves more than a limit, under any concurrency', async () => {
    const [one, other] = [await open(), await open()];
    const limits = [
      { field: 'all', limit: 100 },
      { field: 'client', limit: 60 },
    ];
    const asked = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        (index % 2 ? other : one).counters.reserve(
          'day',
          index < 80 ? limits : limits.slice(0, 1),
          1,
          later(),
        ),
      ),
    );
    expect(asked.filter((shortage) => shortage === null)).toHaveLength(100);
    const counts = await reservedIn(one, 'day', 'all', 'client');
    expect(counts.all).toBe(100);
    expect(counts.client).toBeLessThanOrEqual(60);
    expect(await other.counters.reserve('day', limits, 1, later())).toEqual({
      field: 'all',
      used: 100,
      granted: 0,
    });
    await other.counters.refund('day', ['all']);
    await other.counters.refund('day that never was', ['all']);
    expect(await reservedIn(one, 'day', 'all')).toEqual({ all: 99 });
    expect(await reservedIn(other, 'day that never was', 'all')).toEqual({ all: 0 });
    expect(await one.counters.reserve('day', limits.slice(0, 1), 1, later())).toBeNull();
  });

  it('reserves nothing in any counter where one is exhausted', async () => {
    const store = await open();
    const limits = [
      { field: 'all', limit: 5 },
      { field: 'client', limit: 1 },
    ];
    expect(await store.counters.reserve('day', limits, 1, later())).toBeNull();
    expect(await store.counters.reserve('day', limits, 1, later())).toEqual({
      field: 'client',
      used: 1,
      granted: 0,
    });
    expect(await reservedIn(store, 'day', 'all', 'client')).toEqual({ all: 1, client: 1 });
  });

  it('grants as much of a reservation as fits in all counters', async () => {
    const [one, other] = [await open(), await open()];
    const limits = [
      { field: 'all', limit: 10 },
      { field: 'client', limit: 7 },
    ];
    expect(await one.counters.reserve('day', limits, 5, later())).toBeNull();
    // Ten fit in neither counter. The error names the tighter one, the client's.
    expect(await other.counters.reserve('day', limits, 10, later())).toEqual({
      field: 'client',
      used: 7,
      granted: 2,
    });
    expect(await reservedIn(one, 'day', 'all', 'client')).toEqual({ all: 7, client: 7 });
    const shares = await Promise.all(
      [one, other, one].map((store) => store.counters.reserve('day', limits.slice(0, 1), 2, later())),
    );
    expect(shares.map((shortage) => shortage?.granted ?? 2).reduce((sum, share) => sum + share)).toBe(3);
  });

  it('gives a lease only where the entries it is for are missing', async () => {
    const [one, other] = [await open(), await open()];
    expect(await one.leases.claim('q', 'first', 5000, ['a', 'b'])).toEqual({ holder: 'first' });
    expect(await other.leases.claim('q', 'second', 5000, ['a', 'b'])).toEqual({ holder: 'first' });
    await one.entries.put('b', bytes('x'), later());
    const claimed = await other.leases.claim('q', 'second', 5000, ['a', 'b']);
    expect('entries' in claimed && claimed.entries.map(textOf)).toEqual([undefined, 'x']);
    await one.leases.release('q', 'first');
    expect(await other.leases.take('q', 'third', 5000)).toBe('third');
    // Of concurrent claims one gets the lease, and all learn its holder.
    const claims = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        (index % 2 ? one : other).leases.claim('r', `h${index}`, 5000, ['c']),
      ),
    );
    expect(new Set(claims.map((claim) => 'holder' in claim && claim.holder)).size).toBe(1);
  });

  it('adds to counters atomically, whatever their names', async () => {
    const [one, other] = [await open(), await open()];
    const added = new Map([
      ['a', 2],
      ['["公司"]', 1],
      ['__proto__', 3],
    ]);
    const totals = await Promise.all(
      [one, other, one].map((store) => store.counters.add('t', added, later())),
    );
    for (const [name, count] of added) {
      const values = totals.map((counts) => counts.get(name) ?? 0);
      expect(values.sort((a, b) => a - b)).toEqual([count, 2 * count, 3 * count]);
    }
    expect(await one.counters.readAll('t')).toEqual(
      new Map([...added].map(([name, count]) => [name, 3 * count])),
    );
    expect(await one.counters.read('t', ['__proto__', 'none'])).toEqual(
      new Map([
        ['__proto__', 9],
        ['none', 0],
      ]),
    );
  });

  it('reads its journal in order, with a settled row in place of its first version, at any length', async () => {
    const store = await open();
    const keys = Array.from({ length: 1203 }, (_, index) => String(index).padStart(5, '0'));
    await Promise.all(
      [...keys]
        .reverse()
        .map((key) => store.journal.settle({ key, bytes: bytes(key === '00700' ? 'maybe' : 'r') })),
    );
    await store.journal.settle({ key: '00700', bytes: bytes('settled') });
    expect(await rowsOf(store)).toEqual(keys.map((key) => `${key} ${key === '00700' ? 'settled' : 'r'}`));
    expect(await rowsOf(store, '00010', '00012')).toEqual(['00010 r', '00011 r']);
    await store.journal.prune('01200');
    expect(await rowsOf(store)).toEqual(['01200 r', '01201 r', '01202 r']);
  });
});

describe('the embedded store', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
  });

  it('keeps its data across a restart', async () => {
    const first = new EmbeddedStore(folder, 'n');
    await first.entries.put('a', bytes('x'), later());
    await first.journal.settle({ key: '1', bytes: bytes('row') });
    await first.close();
    const second = closeAfterTest(new EmbeddedStore(folder, 'n'));
    expect(textOf(await second.entries.get('a'))).toBe('x');
    expect(await rowsOf(second)).toEqual(['1 row']);
  });

  it('removes expired data, and nothing else, in a sweep', async () => {
    const store = closeAfterTest(new EmbeddedStore(folder, 'n'));
    await store.entries.put('old', bytes('x'), Date.now() - 1);
    await store.entries.put('new', bytes('y'), later());
    await store.counters.add('old', new Map([['a', 1]]), Date.now() - 1);
    await store.counters.add('new', new Map([['a', 1]]), later());
    await store.leases.take('new', 'h', 5000);
    await store.sweep();
    expect([await countsIn(store, 'old'), await countsIn(store, 'new')]).toEqual([{}, { a: 1 }]);
    expect(textOf(await store.entries.get('new'))).toBe('y');
    expect(await store.leases.take('new', 'other', 5000)).toBe('h');
  });

  it('does not fail in a sweep that it has closed in the middle of', async () => {
    const store = new EmbeddedStore(temporaryFolder(), 'n');
    await store.entries.put('a', bytes('x'), 1);
    const swept = store.sweep();
    await store.close();
    await expect(swept).resolves.toBeUndefined();
    await expect(store.sweep()).resolves.toBeUndefined();
  });
});

describeWithRedis('the store on Redis', () => {
  let server: RedisServer;
  beforeEach(async () => {
    server = closeAfterTest(await startRedis());
  });

  async function openHere(namespace: string): Promise<SharedStore> {
    const shared = openShared(server.url, namespace);
    await waitUntil(() => shared.health() === 'ok');
    return shared;
  }

  it.each(['killed', 'hanging'])('loses nothing when Redis is %s for a while', async (how) => {
    const [one, other] = [await openHere('n'), await openHere('n')];
    await one.journal.settle({ key: '1', bytes: bytes('before') });
    await one.counters.add('saved', new Map([['a', 1]]), later());
    if (how === 'killed') await server.kill();
    else server.pause();
    await one.entries.put('a', bytes('bought meanwhile'), later());
    await one.journal.settle({ key: '2', bytes: bytes('meanwhile') });
    await one.counters.add('saved', new Map([['a', 2]]), later());
    expect(one.health()).toBe('degraded');
    expect(textOf(await one.entries.get('a'))).toBe('bought meanwhile');
    expect(await one.leases.take('q', 'me', 1000)).toBe('me');
    await expect(one.counters.reserve('day', [{ field: 'all', limit: 9 }], 1, later())).rejects.toThrow(
      'Redis',
    );
    if (how === 'killed') await server.restart();
    else server.resume();
    await waitUntil(() => one.health() === 'ok' && other.health() === 'ok');
    await waitUntil(async () => textOf(await other.entries.get('a')) === 'bought meanwhile');
    expect(await rowsOf(other)).toEqual(['1 before', '2 meanwhile']);
    await waitUntil(async () => Number((await countsIn(other, 'saved')).a) === (how === 'killed' ? 2 : 3));
  });

  it('restores what was spent after Redis has lost it', async () => {
    const store = await openHere('n');
    const limits = [{ field: 'all', limit: 3 }];
    for (let spent = 0; spent < 2; spent++)
      expect(await store.counters.reserve('day', limits, 1, later())).toBeNull();
    await server.kill();
    await waitUntil(() => store.health() === 'degraded');
    await server.restart();
    await waitUntil(() => store.health() === 'ok');
    // It waits until every instance has had time to restore what it saw.
    expect(await store.counters.reserve('day', limits, 1, later())).toBeNull();
    expect(await store.counters.reserve('day', limits, 1, later())).toEqual({
      field: 'all',
      used: 3,
      granted: 0,
    });
  });

  it('warns when Redis may evict answers that were paid for', async () => {
    const eviction = () => reports.some((what) => what.includes('set maxmemory-policy to noeviction'));
    reports.length = 0;
    const store = await openHere('n');
    // Redis answers in order: before this it has answered the question for its policy.
    await store.entries.get('nothing');
    await new Promise(setImmediate);
    expect(eviction()).toBe(false);
    await server.configure('maxmemory-policy', 'allkeys-lru');
    await openHere('n');
    await waitUntil(eviction);
  });
});
