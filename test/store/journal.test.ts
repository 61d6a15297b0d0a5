import { open as openLmdb } from 'lmdb';
import { EmbeddedStore } from '../../src/store/embedded/embedded-store.js';
import type { Label, Row } from '../../src/store/journal.js';
import { shipRows } from '../../src/store/shared/ship.js';
import { StoreUnavailable } from '../../src/store/store.js';
import { closeAfterTest } from '../support/cleanup.js';
import { describeWithRedis, startRedis } from '../support/redis.js';
import { bytes, countsIn, describeStores, later, openShared, rowsOf, textOf } from '../support/stores.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { waitUntil } from '../support/wait-until.js';

const label = (field: string): Label => ({ group: 'usage 1', field, until: later() });
const row = (key: string, text: string, field: string): Row => ({
  key,
  bytes: bytes(text),
  label: label(field),
});

describeStores('the journal of a store', (open) => {
  it('counts each row once, under the label of its last version', async () => {
    const [one, other] = [await open(), await open()];
    await Promise.all(
      ['1', '2', '3'].map((key) => one.journal.append(row(key, 'begun', '["公司","maybe"]'))),
    );
    await one.journal.settle(row('1', 'settled', '["公司","yes"]'));
    await other.journal.settle(row('2', 'settled', '["公司","yes"]'));
    expect(await countsIn(other, 'usage 1')).toEqual({ '["公司","maybe"]': 1, '["公司","yes"]': 2 });
    expect(await rowsOf(other)).toEqual(['1 settled', '2 settled', '3 begun']);
    // The same row again changes no count, and a counter that falls to 0 is removed.
    await one.journal.settle(row('1', 'settled', '["公司","yes"]'));
    await one.journal.settle(row('3', 'settled', '["公司","yes"]'));
    expect(await countsIn(one, 'usage 1')).toEqual({ '["公司","yes"]': 3 });
  });

  it('removes a row with its count', async () => {
    const [one, other] = [await open(), await open()];
    await one.journal.settle(row('1', 'begun', 'maybe'));
    await one.journal.append(row('2', 'begun', 'maybe'));
    await one.journal.remove(row('2', '', 'maybe'));
    await one.journal.remove(row('never written', '', 'maybe'));
    expect(await rowsOf(other)).toEqual(['1 begun']);
    expect(await countsIn(other, 'usage 1')).toEqual({ maybe: 1 });
  });

  it('labels and counts each unlabelled row once, and leaves its bytes', async () => {
    const store = await open();
    const keys = Array.from({ length: 1203 }, (_, index) => String(index).padStart(5, '0'));
    await Promise.all(keys.map((key) => store.journal.settle({ key, bytes: bytes('r') })));
    await store.journal.settle(row('00700', 'settled', 'yes'));
    const labelAll = () =>
      store.journal.label('00100', '\uffff', ({ key, bytes: found }) =>
        key === '00701' ? undefined : label(`old ${textOf(found)}`),
      );
    await labelAll();
    await labelAll();
    expect(await countsIn(store, 'usage 1')).toEqual({ 'old r': 1101, yes: 1 });
    expect(await rowsOf(store, '00699', '00702')).toEqual(['00699 r', '00700 settled', '00701 r']);
    // Once labelled, a row moves its count as any other does.
    await store.journal.settle(row('00699', 'settled', 'yes'));
    expect(await countsIn(store, 'usage 1')).toEqual({ 'old r': 1100, yes: 2 });
  });
});

describe('the embedded journal', () => {
  it('reads rows that were stored before rows had labels', async () => {
    const folder = temporaryFolder();
    const before = openLmdb({ path: folder, maxDbs: 8 });
    await before.openDB<Buffer, string>({ name: 'journal', encoding: 'binary' }).put('n 1', bytes('{"a":1}'));
    await before.close();
    const store = closeAfterTest(new EmbeddedStore(folder, 'n'));
    await store.journal.settle(row('2', '{"a":2}', 'yes'));
    expect(await rowsOf(store)).toEqual(['1 {"a":1}', '2 {"a":2}']);
  });
});

describe('shipping', () => {
  it('never leaves an older version of a row in place of the one that was settled meanwhile', async () => {
    const spool = closeAfterTest(new EmbeddedStore(temporaryFolder(), 'n', 'spool')).journal;
    await spool.append(row('1', 'begun', 'maybe'));
    await spool.append(row('2', 'begun', 'maybe'));
    const shipped = new Map<string, string | undefined>();
    let writes = 0;
    await shipRows(spool, {
      async write(rows) {
        writes += 1;
        if (writes === 1) {
          await spool.settle(row('2', 'settled', 'yes'));
          shipped.set('2', 'settled');
        }
        for (const { key, bytes: text } of rows) shipped.set(key, textOf(text));
      },
    });
    expect([...shipped].sort()).toEqual([
      ['1', 'begun'],
      ['2', 'settled'],
    ]);
    expect(writes).toBe(2);
  });
});

describeWithRedis('the journal on Redis', () => {
  it('counts each row once, though all are shipped again after a loss', async () => {
    const redis = closeAfterTest(await startRedis());
    const store = openShared(redis.url, 'n');
    await waitUntil(() => store.health() === 'ok');
    await store.journal.settle(row('1', 'settled', 'yes'));
    await store.journal.settle(row('2', 'begun', 'maybe'));
    await store.journal.settle(row('3', 'begun', 'maybe'));
    redis.pause();
    await store.journal.settle(row('4', 'settled', 'yes'));
    await store.journal.settle(row('2', 'settled', 'yes'));
    await store.journal.remove(row('3', '', 'maybe'));
    await expect(store.counters.readAll('usage 1')).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      retryable: true,
    });
    redis.resume();
    await waitUntil(() => store.health() === 'ok');
    await waitUntil(async () => (await countsIn(store, 'usage 1')).yes === 3);
    expect(await countsIn(store, 'usage 1')).toEqual({ yes: 3 });
    expect(await rowsOf(store)).toEqual(['1 settled', '2 settled', '4 settled']);
    // A crash without persistence: the spool has all of it.
    await redis.kill();
    await redis.restart();
    await waitUntil(() => store.health() === 'ok');
    await waitUntil(async () => (await countsIn(store, 'usage 1')).yes === 3);
    expect(await countsIn(store, 'usage 1')).toEqual({ yes: 3 });
    expect(await rowsOf(store)).toEqual(['1 settled', '2 settled', '4 settled']);
  });

  it('takes a row that the local disk does not take, and no row where neither takes it', async () => {
    const redis = closeAfterTest(await startRedis());
    const spool = new EmbeddedStore(temporaryFolder(), 'n', 'spool');
    const store = openShared(redis.url, 'n', spool);
    await waitUntil(() => store.health() === 'ok');
    jest.spyOn(spool.journal, 'append').mockRejectedValue(new StoreUnavailable('DATA_DIR is full'));
    await store.journal.append(row('1', 'begun', 'maybe'));
    await store.journal.settle(row('1', 'settled', 'yes'));
    expect(await rowsOf(store)).toEqual(['1 settled']);
    await redis.kill();
    await waitUntil(() => store.health() === 'degraded');
    await expect(store.journal.append(row('2', 'begun', 'maybe'))).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    });
    // A client that is closed while it connects keeps a timer.
    await redis.restart();
    await waitUntil(() => store.health() === 'ok');
  });
});
