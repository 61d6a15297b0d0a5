import { ANONYMOUS } from '../../../src/graphql/caller.js';
import { type ContextParts, createContext } from '../../../src/graphql/server/create-context.js';
import type { UsageResult } from '../../../src/ledger/usage.js';
import type { Cancellation } from '../../../src/qcc/wire/cancellation.js';

/** A context whose reports of usage are read as `usage` says. */
const contextWith = (usage: ContextParts['usage']) =>
  createContext(
    {
      handler: () => Promise.reject(new Error('nothing is bought here')),
      cache: {
        read: async () => undefined,
        readList: async () => undefined,
        dropOutdated: async () => undefined,
      },
      now: Date.now,
      usage,
      onOperationEnd: () => undefined,
    },
    ANONYMOUS,
    { requestId: 'request', headers: {}, arrived: performance.now(), arrivedAt: Date.now() },
  );

describe('the context of a request', () => {
  it('cancels its usage report when its caller disconnects', () => {
    const cancellations: Cancellation[] = [];
    const context = contextWith((_period, _grouping, cancellation) => {
      cancellations.push(cancellation);
      return new Promise<UsageResult>(() => undefined);
    });
    void context.usage({ from: undefined, to: undefined }, 'DAY');
    const cancelled = () => cancellations.map((cancellation) => cancellation.cancelled);
    expect(cancelled()).toEqual([false]);
    context.cancel();
    expect(cancelled()).toEqual([true]);
  });

  it('reads equal reports of usage once, and different ones one after another', async () => {
    const events: string[] = [];
    const context = contextWith(async ({ from }) => {
      events.push(`begin ${from}`);
      await Promise.resolve();
      events.push(`end ${from}`);
      if (from === 1) throw new Error('this one cannot be read');
      return { total: usageOf(from), groups: [] };
    });
    const read = (from: number) => context.usage({ from, to: undefined }, 'DAY');
    const reports = await Promise.allSettled([read(1), read(2), read(1), read(2), read(3)]);
    expect(events).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2', 'begin 3', 'end 3']);
    const totals = reports.map((report) =>
      report.status === 'fulfilled' ? report.value.total.key : 'failed',
    );
    expect(totals).toEqual(['failed', '2', 'failed', '2', '3']);
  });
});

function usageOf(key: number | undefined): UsageResult['total'] {
  const counts = { calls: 0, billed: 0, maybeBilled: 0, cached: 0, shared: 0, elided: 0 };
  return { key: String(key), ...counts, amount: null, saved: null };
}
