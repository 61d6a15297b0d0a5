import { encodeUsageKind, HOUR, hourOf, type UsageKind, usageGroup } from '../../src/ledger/hourly-usage.js';
import { CounterUsage, UsageReport } from '../../src/ledger/usage.js';
import { Cancellation } from '../../src/qcc/wire/cancellation.js';

/** 2026-11-24T12:30 in Shanghai. */
const NOW = Date.parse('2026-11-24T04:30:00Z');
const DAY = 24 * HOUR;

const billed: UsageKind = {
  client: 'a',
  operation: 'Risk',
  method: 'GetList',
  status: '200',
  price: '0.3',
  kind: 'yes',
};

/** A report on counters by hour, which counts the hours that it reads. */
function reportOn(hours: Record<string, Record<string, number>> = {}, onRead: () => void = () => undefined) {
  const read: string[] = [];
  const reports: string[] = [];
  const counters = {
    async readAll(group: string) {
      read.push(group);
      onRead();
      return new Map(Object.entries(hours[group] ?? {}));
    },
  };
  const usage = new UsageReport(
    new CounterUsage(counters),
    { flush: async () => undefined },
    { now: () => NOW, retention: 400 * DAY },
    (message) => reports.push(message),
  );
  return { usage, read, reports };
}

const at = (hoursAgo: number) => usageGroup(hourOf(NOW) - hoursAgo);
const count = (kind: Partial<UsageKind>) => encodeUsageKind({ ...billed, ...kind });
const month = { from: NOW - 30 * DAY, to: undefined };

describe('a usage report', () => {
  it('fails with STORE_UNAVAILABLE if its store fails, whatever the store throws, and reports the cause', async () => {
    const { usage, reports } = reportOn({}, () => {
      throw new Error('Connection is closed.');
    });
    const failure = await usage.read(month, 'DAY', undefined).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      message: 'Usage cannot be read, because its store does not answer.',
      extensions: { code: 'STORE_UNAVAILABLE', retryable: true },
    });
    expect(reports).toEqual(['usage could not be read']);
  });

  it('widens its period to whole hours', async () => {
    const { usage } = reportOn({
      [at(3)]: { [count({})]: 8 },
      [at(2)]: { [count({})]: 4 },
      [at(1)]: { [count({})]: 2 },
      [at(0)]: { [count({})]: 1 },
    });
    const calls = async (from: number, to: number) =>
      (await usage.read({ from: NOW + from, to: NOW + to }, 'DAY', undefined)).total.calls;
    const minute = 60_000;
    expect(await calls(-2 * HOUR, -HOUR)).toBe(6);
    // From 10:00 to 12:00 in Shanghai: both ends are whole hours.
    expect(await calls(-2 * HOUR - 30 * minute, -30 * minute)).toBe(6);
    expect(await calls(-2 * HOUR - 31 * minute, -29 * minute)).toBe(15);
  });

  it('sums what had a price, each at the price of its hour', async () => {
    const { usage } = reportOn({
      [at(2)]: { [count({ price: '0.1' })]: 3, [count({ kind: 'cached', status: null, price: '0.1' })]: 2 },
      [at(1)]: { [count({ price: null })]: 5, [count({ kind: 'maybe', status: null, price: null })]: 1 },
      [at(0)]: { [count({ client: 'b', price: null })]: 2, [count({ client: 'c', kind: 'no' })]: 1 },
    });
    const { total, groups } = await usage.read({ from: undefined, to: undefined }, 'CLIENT', undefined);
    expect(total).toEqual({
      key: 'total',
      calls: 12,
      billed: 10,
      maybeBilled: 1,
      cached: 2,
      shared: 0,
      elided: 0,
      amount: '0.3',
      saved: '0.2',
    });
    expect(groups.map(({ key, amount, saved }) => [key, amount, saved])).toEqual([
      ['a', '0.3', '0.2'],
      // Calls were billed, at prices that nobody knows.
      ['b', null, '0'],
      ['c', '0', '0'],
    ]);
  });

  it('skips counters that cannot be read, and reports them once', async () => {
    const { usage, reports } = reportOn({
      [at(1)]: { 'not JSON': 1, '["a"]': 2, [count({})]: 3, [count({ client: 'b' })]: Number.NaN },
    });
    for (let times = 0; times < 2; times++) {
      expect((await usage.read(month, 'DAY', undefined)).total.calls).toBe(3);
    }
    expect(reports).toEqual(['a usage counter cannot be read and is skipped; further ones are not reported']);
  });

  it('is shared by equal requests under way, and by no others', async () => {
    const { usage, read } = reportOn({ [at(5)]: { [count({})]: 1 } });
    const equal = await Promise.all(Array.from({ length: 20 }, () => usage.read(month, 'DAY', undefined)));
    const hours = read.length;
    expect([hours, new Set(equal).size]).toEqual([30 * 24 + 2, 1]);
    await Promise.all([usage.read(month, 'DAY', undefined), usage.read(month, 'CLIENT', undefined)]);
    expect(read).toHaveLength(3 * hours);
  });

  it('stops when the last of its callers has gone', async () => {
    const cancellations = [new Cancellation(), new Cancellation()];
    let reads = 0;
    const { usage, read } = reportOn({}, () => {
      reads += 1;
      if (reads === 50) cancellations[0]?.cancel();
      if (reads === 100) cancellations[1]?.cancel();
    });
    const asked = cancellations.map((cancellation) => usage.read(month, 'DAY', cancellation));
    const outcomes = await Promise.allSettled(asked);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(read.length).toBeLessThan(120);
    // Who asks after that gets a report of their own.
    expect((await usage.read(month, 'DAY', undefined)).total.calls).toBe(0);
  });

  it('includes what was bought before it was asked for, though an equal one is under way', async () => {
    const hours: Record<string, Record<string, number>> = {};
    let later: Promise<number> | undefined;
    const { usage, read } = reportOn(hours, () => {
      // The first report has begun to read the present hour.
      if (read.at(-1) !== at(0) || later) return;
      hours[at(0)] = { [count({})]: 1 };
      later = usage.read(month, 'DAY', undefined).then(({ total }) => total.calls);
    });
    await usage.read(month, 'DAY', undefined);
    expect(await later).toBe(1);
  });

  it('lets other work run between the hours', async () => {
    const { usage } = reportOn();
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 0);
    const immediate = () => {
      turns += 1;
      next = setImmediate(immediate);
    };
    let next = setImmediate(immediate);
    await usage.read(month, 'DAY', undefined);
    clearInterval(timer);
    clearImmediate(next);
    expect(turns).toBeGreaterThan(50);
  });
});
