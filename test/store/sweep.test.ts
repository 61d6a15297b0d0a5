import { join } from 'node:path';
import fc from 'fast-check';
import { open } from 'lmdb';
import { EmbeddedStore } from '../../src/store/embedded/embedded-store.js';
import { closeAfterTest } from '../support/cleanup.js';
import { propertyRuns } from '../support/property-runs.js';
import { bytes, countsIn, later, report, reports, rowsOf, textOf } from '../support/stores.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { itWithTmpfs, smallDisk } from '../support/tmpfs.js';
import { waitUntil } from '../support/wait-until.js';

const HOUR = 3_600_000;
const LIFETIMES = [500, 5000, HOUR];

/** What a store has on the disk, apart from the ledger. Close the store before. */
async function contentOf(folder: string) {
  const root = open({ path: folder, maxDbs: 12 });
  const read = (name: string, encoding: 'binary' | 'json') => [...root.openDB({ name, encoding }).getRange()];
  const entries = read('entries 2', 'binary');
  const content = {
    keys: entries.map(({ key }) => String(key)).sort(),
    bytes: entries.reduce((sum, { key, value }) => sum + String(key).length + value.length, 0),
    indexed: read('entry index 2', 'json')
      .map(({ key }) => String(Array.isArray(key) ? key[2] : key))
      .sort(),
    countedBytes: root.openDB({ name: 'state', encoding: 'json' }).get('entry bytes') ?? 0,
    counters: read('counters', 'json').length,
    counterGroups: read('counter groups', 'json').length,
    outdated: root.doesExist('entries') ? read('entries', 'binary').length : 0,
  };
  await root.close();
  return content;
}

describe('a sweep of the embedded store', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
  });

  it('removes what has expired, whatever its lifetime, and keeps the rest', async () => {
    const store = new EmbeddedStore(folder, 'n');
    const now = Date.now();
    await Promise.all(
      Array.from({ length: 1000 }, (_, index) => {
        const receivedAt = now - index * 10;
        return store.entries.put(
          `${index}`,
          bytes('x'),
          receivedAt + (LIFETIMES[index % 3] ?? 0),
          receivedAt,
        );
      }),
    );
    await store.sweep();
    await store.close();
    const { keys } = await contentOf(folder);
    const lives = (index: number) => index * 10 < (LIFETIMES[index % 3] ?? 0);
    // What expires while the test runs may be there or not.
    const expected = Array.from({ length: 1000 }, (_, index) => index).filter(lives);
    const kept = new Set(keys);
    expect(expected.filter((index) => index % 3 === 2).every((index) => kept.has(`n ${index}`))).toBe(true);
    expect(keys.every((key) => lives(Number(key.slice(2))))).toBe(true);
  });

  it('keeps the index and the size of the entries exact, whatever is written and removed', async () => {
    const step = fc.record({
      action: fc.constantFrom('put', 'put', 'put', 'drop', 'sweep'),
      key: fc.constantFrom('a', 'b', 'c', 'd'),
      text: fc.constantFrom('x', 'some text', 'x'.repeat(3000)),
      lifetime: fc.constantFrom(-1, 0, 60_000, 3_600_000.5),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const place = temporaryFolder();
        const store = new EmbeddedStore(place, 'n', 'store', { maxEntryBytes: 5000, report });
        const other = new EmbeddedStore(place, 'other', 'store', { maxEntryBytes: 5000, report });
        const run = ({ action, key, text, lifetime }: (typeof steps)[number]) => {
          const { entries } = lifetime > 0 ? store : other;
          if (action === 'put') return entries.put(key, bytes(text), Date.now() + lifetime);
          return action === 'drop' ? entries.drop(key, bytes(text)) : store.sweep();
        };
        // Some of them share a commit.
        for (let index = 0; index < steps.length; index += 4) {
          await Promise.all(steps.slice(index, index + 4).map(run));
        }
        await Promise.all([store.close(), other.close()]);
        const { keys, indexed, bytes: size, countedBytes } = await contentOf(place);
        expect({ indexed, countedBytes }).toEqual({ indexed: keys, countedBytes: size });
      }),
      { numRuns: propertyRuns(15) },
    );
    expect(reports).toEqual([]);
  });

  it('removes the rows of every account that are older than what the ledger keeps', async () => {
    const stores = ['endcase https://one.test a', 'endcase https://two.test b'].map((namespace) =>
      closeAfterTest(new EmbeddedStore(folder, namespace, 'store', { firstKeptRow: () => '5' })),
    );
    for (const { journal } of stores) {
      for (let key = 1; key <= 8; key += 1) await journal.append({ key: `${key}`, bytes: bytes('row') });
    }
    await stores[0]?.sweep();
    for (const store of stores) expect(await rowsOf(store)).toEqual(['5 row', '6 row', '7 row', '8 row']);
  });

  it('removes the counters of a group once the group has expired', async () => {
    const store = new EmbeddedStore(folder, 'n');
    const counts = new Map(Object.entries({ a: 1, b: 1 }));
    const add = (_: unknown, hour: number) =>
      store.counters.add(`usage ${hour}`, counts, hour < 250 ? Date.now() - 1 : later());
    await Promise.all(Array.from({ length: 300 }, add));
    await store.sweep();
    await store.close();
    expect(await contentOf(folder)).toMatchObject({ counters: 100, counterGroups: 50 });
  });

  it('removes what an earlier version has left: its answers at once, its counters when they expire', async () => {
    const root = open({ path: folder, maxDbs: 8 });
    const outdated = root.openDB<Buffer, string>({ name: 'entries', encoding: 'binary' });
    const counters = root.openDB({ name: 'counters', encoding: 'json' });
    await Promise.all(Array.from({ length: 600 }, (_, index) => outdated.put(`n ${index}`, bytes('answer'))));
    for (const [group, until] of [
      ['n usage 1', 1],
      ['n usage 2', later()],
    ]) {
      for (const field of ['a', 'b']) await counters.put(`${group}\n${field}`, { count: 2, until });
    }
    await root.close();
    const store = new EmbeddedStore(folder, 'n');
    expect(await store.entries.get('1')).toBeUndefined();
    await store.sweep();
    expect([await countsIn(store, 'usage 1'), await countsIn(store, 'usage 2')]).toEqual([
      {},
      { a: 2, b: 2 },
    ]);
    await store.close();
    expect((await contentOf(folder)).outdated).toBe(0);
  });

  it('is done by one of the processes that share the store, once an hour', async () => {
    const settings = { sweepCheckInterval: 5, report };
    const stores = Array.from({ length: 3 }, () =>
      closeAfterTest(new EmbeddedStore(folder, 'n', 'store', settings)),
    );
    const root = open({ path: folder, maxDbs: 12 });
    closeAfterTest({ close: () => root.close() });
    const state = root.openDB<number, string>({ name: 'state', encoding: 'json' });
    const index = root.openDB({ name: 'entry index 2', encoding: 'json' });
    await waitUntil(() => state.get('swept at') !== undefined, 'the first sweep begins');
    const first = state.get('swept at') ?? 0;
    await stores[0]?.entries.put('old', bytes('x'), 1);
    // All of them check several times.
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect([state.get('swept at'), index.getCount()]).toEqual([first, 1]);
    await state.put('swept at', first - HOUR);
    await waitUntil(() => index.getCount() === 0, 'the next sweep removes the entry');
    expect(state.get('swept at')).toBeGreaterThanOrEqual(first);
  });

  it('ends without a report when the store is closed at any point of it', async () => {
    for (let commits = 0; commits < 8; commits += 1) {
      const store = new EmbeddedStore(temporaryFolder(), 'n', 'store', { report });
      await Promise.all(
        LIFETIMES.map((lifetime) => store.entries.put(`${lifetime}`, bytes('x'), lifetime, 0)),
      );
      const swept = store.sweep();
      for (let commit = 0; commit < commits; commit += 1) await store.committed();
      await store.close();
      await swept;
    }
    expect(reports).toEqual([]);
  });

  itWithTmpfs('does nothing on a nearly full disk, and does not fail', async () => {
    const store = closeAfterTest(new EmbeddedStore(join(smallDisk(), 'store'), 'n', 'store', { report }));
    expect(store.health()).toBe('degraded');
    await expect(store.sweep()).resolves.toBeUndefined();
    expect(reports).toEqual([]);
  });
});

describe('the limit of the entries in the embedded store', () => {
  const KB = 1024;
  const text = 'x'.repeat(KB);
  const present = async (store: EmbeddedStore, keys: readonly string[]) => {
    const found = await Promise.all(keys.map((key) => store.entries.get(key)));
    return keys.filter((_, index) => found[index] !== undefined);
  };

  it('drops what has expired first, then what was received first, and nothing else', async () => {
    const folder = temporaryFolder();
    const store = new EmbeddedStore(folder, 'n', 'store', { maxEntryBytes: 100 * KB, report });
    const now = Date.now();
    await store.journal.settle({ key: '1', bytes: bytes('row') });
    await store.counters.add('budget', new Map([['all', 7]]), later());
    await store.leases.take('q', 'me', 60_000);
    await store.entries.put('expired', bytes(text.repeat(20)), now - 1, now - 1000);
    const put = (key: string, receivedAt: number, lifetime: number) =>
      store.entries.put(key, bytes(text), receivedAt + lifetime, receivedAt);
    const keys = Array.from({ length: 120 }, (_, index) => `${index}`);
    // Written in another order than received, and with two lifetimes.
    const shuffled = keys.toSorted((a, b) => ((Number(a) * 77) % 120) - ((Number(b) * 77) % 120));
    await Promise.all(
      shuffled.map((key) => put(key, now - HOUR + Number(key), Number(key) % 2 ? 2 * HOUR : 9 * HOUR)),
    );
    const kept = await waitUntil(async () => {
      const found = await present(store, keys);
      return found.length < 100 ? found : undefined;
    }, 'the store fits');
    expect(kept).toEqual(keys.slice(-kept.length));
    expect(kept.length).toBeGreaterThan(85);
    expect(await rowsOf(store)).toEqual(['1 row']);
    expect(await countsIn(store, 'budget')).toEqual({ all: 7 });
    expect(await store.leases.take('q', 'other', 60_000)).toBe('me');
    await store.close();
    const { bytes: size, countedBytes, keys: left } = await contentOf(folder);
    expect(left).not.toContain('n expired');
    expect([countedBytes, size <= 100 * KB]).toEqual([size, true]);
  });

  it('holds across namespaces, processes and restarts, and processes that drop at once drop no more than one', async () => {
    const folder = temporaryFolder();
    const fill = new EmbeddedStore(folder, 'n');
    const put = (_: unknown, index: number) =>
      fill.entries.put(`${index}`, bytes(text), later() + index, Date.now() + index);
    await Promise.all(Array.from({ length: 200 }, put));
    await fill.close();
    const settings = { maxEntryBytes: 50 * KB, report };
    const stores = ['n', 'n', 'other'].map(
      (namespace) => new EmbeddedStore(folder, namespace, 'store', settings),
    );
    await waitUntil(async () => (await stores[0]?.entries.get('0')) === undefined);
    await Promise.all(stores.map((store) => store.committed()));
    await Promise.all(stores.map((store) => store.close()));
    const { keys, bytes: size } = await contentOf(folder);
    expect(size).toBeLessThanOrEqual(50 * KB);
    expect(size).toBeGreaterThan(45 * KB);
    expect(keys).toContain('n 199');
  });

  it('drops every entry where it allows none', async () => {
    const store = closeAfterTest(
      new EmbeddedStore(temporaryFolder(), 'n', 'store', { maxEntryBytes: 0, report }),
    );
    await store.entries.put('a', bytes('x'), later());
    await waitUntil(async () => (await store.entries.get('a')) === undefined, 'the entry is dropped');
    await store.entries.put('b', bytes('y'), later());
    await waitUntil(async () => textOf(await store.entries.get('b')) === undefined);
  });
});
