import { decodeUsageKind, HOUR, hourOf, usageGroup } from '../../src/ledger/hourly-usage.js';
import { Savings } from '../../src/ledger/savings.js';
import { EmbeddedStore } from '../../src/store/embedded/embedded-store.js';
import type { CounterStore } from '../../src/store/store.js';
import { closeAfterTest } from '../support/cleanup.js';
import { countsIn } from '../support/stores.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const START = Date.now();

function cached(count: number, isFree: boolean) {
  const none = new Map<string, number>();
  return { isFree, callsAvoided: { cached: new Map([['GetList', count]]), shared: none, elided: none } };
}

function savingsIn(counters: CounterStore, now: () => number, reports: string[] = []): Savings {
  const settings = { prices: { GetList: '0.3' }, now, retention: HOUR };
  return closeAfterTest(new Savings(counters, settings, (message) => reports.push(message)));
}

describe('savings', () => {
  it('keep 1,000 names of free operations an hour; further ones are counted together', async () => {
    const store = closeAfterTest(new EmbeddedStore(temporaryFolder(), 'test'));
    let time = START;
    const savings = savingsIn(store.counters, () => time);
    for (let index = 0; index < 1100; index++) savings.record('a', `Free${index}`, cached(1, true));
    savings.record('a', 'Free0', cached(1, true));
    savings.record('a', 'Bought', cached(5, false));
    savings.record('b'.repeat(300), 'Free1099', cached(7, true));
    time += HOUR;
    savings.record('a', 'Free1099', cached(1, true));
    await savings.flush();
    const namesIn = async (hour: number) =>
      Object.entries(await countsIn(store, usageGroup(hour))).map(([field, count]) => {
        const { client = '', operation = '' } = decodeUsageKind(field) ?? {};
        return `${client.slice(0, 1)}${client.length} ${operation} ${count}`;
      });
    const first = await namesIn(hourOf(START));
    expect(first).toHaveLength(1003);
    for (const name of ['a1 Free0 2', 'a1 Free999 1', 'a1 (other) 100', 'a1 Bought 5', 'b200 (other) 7']) {
      expect(first).toContain(name);
    }
    expect(await namesIn(hourOf(START) + 1)).toEqual(['a1 Free1099 1']);
  });

  it('wait for the store where it fails', async () => {
    const store = closeAfterTest(new EmbeddedStore(temporaryFolder(), 'test'));
    const reports: string[] = [];
    const savings = savingsIn(store.counters, () => START, reports);
    savings.record('a', null, cached(2, true));
    const add = jest.spyOn(store.counters, 'add').mockRejectedValueOnce(new Error('lost'));
    await savings.flush();
    savings.record('a', null, cached(1, true));
    await savings.flush();
    expect(add).toHaveBeenCalledTimes(2);
    expect(reports).toEqual(['usage counters could not be stored; retrying later']);
    expect(Object.values(await countsIn(store, usageGroup(hourOf(START))))).toEqual([3]);
  });

  it('are in the store once a flush resolves, though another is under way', async () => {
    const store = closeAfterTest(new EmbeddedStore(temporaryFolder(), 'test'));
    const savings = savingsIn(store.counters, () => START);
    savings.record('a', null, cached(2, true));
    void savings.flush();
    await savings.flush();
    expect(Object.values(await countsIn(store, usageGroup(hourOf(START))))).toEqual([2]);
  });

  it.each([
    ['200 characters', `a${'𠮷'.repeat(199)}`, `a${'𠮷'.repeat(199)}`],
    ['more', `a${'𠮷'.repeat(300)}`, `a${'𠮷'.repeat(199)}`],
  ])('keep whole characters of a name of %s', async (_, client, kept) => {
    const store = closeAfterTest(new EmbeddedStore(temporaryFolder(), 'test'));
    const savings = savingsIn(store.counters, () => START);
    savings.record(client, 'Find', cached(1, true));
    await savings.flush();
    const names = Object.keys(await countsIn(store, usageGroup(hourOf(START)))).map(
      (field) => decodeUsageKind(field)?.client,
    );
    expect(names).toEqual([kept]);
  });
});
