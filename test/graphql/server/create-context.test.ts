import { ANONYMOUS } from '../../../src/graphql/caller.js';
import { createContext } from '../../../src/graphql/server/create-context.js';
import type { UsageResult } from '../../../src/ledger/usage.js';
import type { Cancellation } from '../../../src/qcc/wire/cancellation.js';

describe('the context of a request', () => {
  it('cancels its usage report when its caller disconnects', () => {
    const cancellations: Cancellation[] = [];
    const context = createContext(
      {
        handler: () => Promise.reject(new Error('nothing is bought here')),
        cache: {
          read: async () => undefined,
          readList: async () => undefined,
          dropOutdated: async () => undefined,
        },
        now: Date.now,
        usage(_period, _grouping, cancellation) {
          cancellations.push(cancellation);
          return new Promise<UsageResult>(() => undefined);
        },
        onOperationEnd: () => undefined,
      },
      ANONYMOUS,
      { requestId: 'request', headers: {}, arrived: performance.now(), arrivedAt: Date.now() },
    );
    void context.usage({ from: undefined, to: undefined }, 'DAY');
    const cancelled = () => cancellations.map((cancellation) => cancellation.cancelled);
    expect(cancelled()).toEqual([false]);
    context.cancel();
    expect(cancelled()).toEqual([true]);
  });
});
