import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedStore } from '../../src/store/embedded.js';
import { RedisStore } from '../../src/store/redis.js';
import { SharedStore } from '../../src/store/shared.js';
import type { Store } from '../../src/store/store.js';
import { describeWithRedis, type RedisServer, redisInstalled, startRedis } from '../support/redis.js';
import { until } from '../support/until.js';

const bytes = (text: string) => Buffer.from(text);
const textOf = (found: Uint8Array | undefined) => found && Buffer.from(found).toString();
const later = () => Date.now() + 60_000;
const sleep = (span: number) => new Promise((resolve) => setTimeout(resolve, span));

let folder: string;
let redis: RedisServer | undefined;
let opened: Store[] = [];
let spools = 0;

beforeAll(async () => {
  redis = redisInstalled ? await startRedis() : undefined;
});
afterAll(() => redis?.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'endcase-store-'));
});
afterEach(async () => {
  await Promise.all(opened.map((store) => store.close()));
  opened = [];
  rmSync(folder, { recursive: true });
});

const reports: string[] = [];
const report = (what: string) => reports.push(what);

async function openRedis(namespace: string): Promise<RedisStore> {
  const store = new RedisStore(redis?.url ?? '', namespace, report, () => undefined);
  await until(() => store.health() === 'ok');
  return store;
}

async function openShared(namespace: string): Promise<SharedStore> {
  const spool = new EmbeddedStore(join(folder, `spool-${spools++}`), namespace);
  const shared: SharedStore = new SharedStore(await openRedis(namespace), spool, {
    spooledSince: () => '',
    report,
  });
  shared.look();
  await until(() => shared.health() === 'ok');
  return shared;
}

type Open = (namespace: string) => Promise<Store>;
const kinds: [string, Open][] = [
  ['embedded', async (namespace) => new EmbeddedStore(folder, namespace)],
  ...(redisInstalled
    ? ([
        ['Redis', openRedis],
        ['Redis with its spool', openShared],
      ] satisfies [string, Open][])
    : []),
];

describe.each(kinds)('a store, %s', (kind, openStore) => {
  const open = async (namespace = `${kind} ${expect.getState().currentTestName}`) => {
    const store = await openStore(namespace);
    opened.push(store);
    return store;
  };

  it('keeps bytes until their time is over', async () => {
    const store = await open();
    expect(await store.get('a')).toBeUndefined();
    await store.put('a', bytes('first'), later());
    await store.put('a', bytes('第二'), later());
    await store.put('b', bytes('short'), Date.now() + 30);
    expect(textOf(await store.get('a'))).toBe('第二');
    await sleep(60);
    expect(await store.get('b')).toBeUndefined();
  });

  it('removes an entry only while it is what it was taken for', async () => {
    const store = await open();
    await store.put('a', bytes('new'), later());
    await store.drop('a', bytes('old'));
    expect(textOf(await store.get('a'))).toBe('new');
    await store.drop('a', bytes('new'));
    expect(await store.get('a')).toBeUndefined();
  });

  it('is seen whole by whoever shares it, and by nobody in another namespace', async () => {
    const [one, other, stranger] = [await open(), await open(), await open('elsewhere')];
    await one.put('a', bytes('x'), later());
    await one.append({ key: '1', bytes: bytes('row') });
    await one.add('t', { f: 1 }, later());
    expect(textOf(await other.get('a'))).toBe('x');
    expect(await other.counts('t')).toEqual({ f: 1 });
    expect([await stranger.get('a'), await stranger.counts('t')]).toEqual([undefined, {}]);
    expect(await rowsOf(other)).toEqual(['1 row']);
    expect(await rowsOf(stranger)).toEqual([]);
  });

  it('gives a lease to one, until it is given back or its holder is gone', async () => {
    const [one, other] = [await open(), await open()];
    const holders = await Promise.all(
      Array.from({ length: 20 }, (_, index) => (index % 2 ? one : other).lease('q', `h${index}`, 5000)),
    );
    expect(new Set(holders).size).toBe(1);
    const [holder = ''] = holders;
    expect(await other.lease('q', holder, 5000)).toBe(holder);
    await other.release('q', 'someone else');
    expect(await one.lease('q', 'next', 5000)).toBe(holder);
    await one.release('q', holder);
    expect(await one.lease('q', 'next', 40)).toBe('next');
    await sleep(80);
    expect(await other.lease('q', 'last', 5000)).toBe('last');
  });

  it('reserves up to a limit and never past it, however many ask', async () => {
    const stores = [await open(), await open()];
    const limits = [
      { field: 'all', limit: 100 },
      { field: 'client', limit: 60 },
    ];
    const asked = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        stores[index % 2]?.reserve('day', index < 80 ? limits : limits.slice(0, 1), 1, later()),
      ),
    );
    expect(asked.filter((shortage) => shortage === null)).toHaveLength(100);
    const counts = await stores[0]?.counts('day');
    expect(counts?.all).toBe(100);
    expect(counts?.client).toBeLessThanOrEqual(60);
    expect(await stores[1]?.reserve('day', limits, 1, later())).toEqual({
      field: 'all',
      used: 100,
      granted: 0,
    });
    await stores[1]?.refund('day', ['all']);
    await stores[1]?.refund('day that never was', ['all']);
    expect((await stores[0]?.counts('day'))?.all).toBe(99);
    expect(await stores[1]?.counts('day that never was')).toEqual({});
    expect(await stores[0]?.reserve('day', limits.slice(0, 1), 1, later())).toBeNull();
  });

  it('takes nothing from any counter where one has no room', async () => {
    const store = await open();
    const limits = [
      { field: 'all', limit: 5 },
      { field: 'client', limit: 1 },
    ];
    expect(await store.reserve('day', limits, 1, later())).toBeNull();
    expect(await store.reserve('day', limits, 1, later())).toEqual({ field: 'client', used: 1, granted: 0 });
    expect(await store.counts('day')).toEqual({ all: 1, client: 1 });
  });

  it('grants as much of what is wanted as all counters have room for', async () => {
    const [one, other] = [await open(), await open()];
    const limits = [
      { field: 'all', limit: 10 },
      { field: 'client', limit: 7 },
    ];
    expect(await one.reserve('day', limits, 5, later())).toBeNull();
    // Both are short of ten; it is the client's own limit that lets no more through.
    expect(await other.reserve('day', limits, 10, later())).toEqual({ field: 'client', used: 7, granted: 2 });
    expect(await one.counts('day')).toEqual({ all: 7, client: 7 });
    const shares = await Promise.all(
      [one, other, one].map((store) => store.reserve('day', limits.slice(0, 1), 2, later())),
    );
    expect(shares.map((shortage) => shortage?.granted ?? 2).reduce((sum, share) => sum + share)).toBe(3);
  });

  it('gives a lease only where none of the entries is there that it is for', async () => {
    const [one, other] = [await open(), await open()];
    expect(await one.claim('q', 'first', 5000, ['a', 'b'])).toEqual({ holder: 'first' });
    expect(await other.claim('q', 'second', 5000, ['a', 'b'])).toEqual({ holder: 'first' });
    await one.put('b', bytes('x'), later());
    const claimed = await other.claim('q', 'second', 5000, ['a', 'b']);
    expect('entries' in claimed && claimed.entries.map(textOf)).toEqual([undefined, 'x']);
    await one.release('q', 'first');
    expect(await other.lease('q', 'third', 5000)).toBe('third');
    // However many ask at once, each is told of the entry, or of one holder.
    const claims = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        (index % 2 ? one : other).claim('r', `h${index}`, 5000, ['c']),
      ),
    );
    expect(new Set(claims.map((told) => 'holder' in told && told.holder)).size).toBe(1);
  });

  it('adds up', async () => {
    const [one, other] = [await open(), await open()];
    const stood = await Promise.all(
      [one, other, one].map((store) => store.add('t', { a: 2, '["公司"]': 1 }, later())),
    );
    expect(stood.map(({ a }) => a).sort()).toEqual([2, 4, 6]);
    expect(stood.map((counts) => counts['["公司"]']).sort()).toEqual([1, 2, 3]);
    expect(await one.counts('t')).toEqual({ a: 6, '["公司"]': 3 });
  });

  it('tells its journal in order, a settled row in the place of the first, of any length', async () => {
    const store = await open();
    const keys = Array.from({ length: 1203 }, (_, index) => String(index).padStart(5, '0'));
    await Promise.all(
      [...keys].reverse().map((key) => store.append({ key, bytes: bytes(key === '00700' ? 'maybe' : 'r') })),
    );
    await store.append({ key: '00700', bytes: bytes('settled') });
    expect(await rowsOf(store)).toEqual(keys.map((key) => `${key} ${key === '00700' ? 'settled' : 'r'}`));
    expect(await rowsOf(store, '00010', '00012')).toEqual(['00010 r', '00011 r']);
    await store.prune('01200');
    expect(await rowsOf(store)).toEqual(['01200 r', '01201 r', '01202 r']);
  });
});

async function rowsOf(store: Store, from = '', to = '\uffff'): Promise<string[]> {
  const rows: string[] = [];
  for await (const row of store.rows(from, to)) rows.push(`${row.key} ${textOf(row.bytes)}`);
  return rows;
}

describe('the embedded store', () => {
  it('keeps everything over a restart', async () => {
    const first = new EmbeddedStore(folder, 'n');
    await first.put('a', bytes('x'), later());
    await first.append({ key: '1', bytes: bytes('row') });
    await first.close();
    const second = new EmbeddedStore(folder, 'n');
    opened.push(second);
    expect(textOf(await second.get('a'))).toBe('x');
    expect(await rowsOf(second)).toEqual(['1 row']);
  });

  it('frees the room of what is past its time, and of nothing else', async () => {
    const store = new EmbeddedStore(folder, 'n');
    opened.push(store);
    await store.put('old', bytes('x'), Date.now() - 1);
    await store.put('new', bytes('y'), later());
    await store.add('old', { a: 1 }, Date.now() - 1);
    await store.add('new', { a: 1 }, later());
    await store.lease('new', 'h', 5000);
    await store.sweep();
    expect([await store.counts('old'), await store.counts('new')]).toEqual([{}, { a: 1 }]);
    expect(textOf(await store.get('new'))).toBe('y');
    expect(await store.lease('new', 'other', 5000)).toBe('h');
  });
});

describeWithRedis('Redis that is lost', () => {
  let server: RedisServer;
  beforeEach(async () => {
    server = await startRedis();
  });
  afterEach(() => server.close());

  async function openHere(namespace: string): Promise<SharedStore> {
    const spool = new EmbeddedStore(join(folder, `here-${spools++}`), namespace);
    const shared: SharedStore = new SharedStore(
      new RedisStore(server.url, namespace, report, () => shared.look()),
      spool,
      { spooledSince: () => '', report },
    );
    opened.push(shared);
    await until(() => shared.health() === 'ok');
    return shared;
  }

  it.each(['killed', 'hanging'])('(%s) is told what it missed, and nothing is forgotten', async (how) => {
    const [one, other] = [await openHere('n'), await openHere('n')];
    await one.append({ key: '1', bytes: bytes('before') });
    await one.add('saved', { a: 1 }, later());
    if (how === 'killed') await server.kill();
    else server.pause();
    await one.put('a', bytes('bought meanwhile'), later());
    await one.append({ key: '2', bytes: bytes('meanwhile') });
    await one.add('saved', { a: 2 }, later());
    expect(one.health()).toBe('degraded');
    expect(textOf(await one.get('a'))).toBe('bought meanwhile');
    expect(await one.lease('q', 'me', 1000)).toBe('me');
    await expect(one.reserve('day', [{ field: 'all', limit: 9 }], 1, later())).rejects.toThrow('Redis');
    if (how === 'killed') await server.restart();
    else server.resume();
    await until(() => one.health() === 'ok' && other.health() === 'ok');
    await until(async () => textOf(await other.get('a')) === 'bought meanwhile');
    expect(await rowsOf(other)).toEqual(['1 before', '2 meanwhile']);
    await until(async () => Number((await other.counts('saved')).a) === (how === 'killed' ? 2 : 3));
  });

  it('and forgets what was spent is told by those who saw it', async () => {
    const store = await openHere('n');
    const limits = [{ field: 'all', limit: 3 }];
    for (let spent = 0; spent < 2; spent++) expect(await store.reserve('day', limits, 1, later())).toBeNull();
    await server.kill();
    await until(() => store.health() === 'degraded');
    await server.restart();
    await until(() => store.health() === 'ok');
    await expect(store.reserve('day', limits, 1, later())).rejects.toThrow('forgotten what was spent');
    await sleep(3100);
    expect(await store.reserve('day', limits, 1, later())).toBeNull();
    expect(await store.reserve('day', limits, 1, later())).toEqual({ field: 'all', used: 3, granted: 0 });
  });

  it('or would evict what was paid for, is complained of', async () => {
    const eviction = () => reports.some((what) => what.includes('it should be noeviction'));
    reports.length = 0;
    await openHere('n');
    await sleep(100);
    expect(eviction()).toBe(false);
    await server.configure('maxmemory-policy', 'allkeys-lru');
    await openHere('n');
    await until(eviction);
  });
});
