import { AnswerCache } from '../../src/cache/answer-cache.js';
import { questionKey } from '../../src/cache/cache-key.js';
import { TieredCache } from '../../src/cache/tiered-cache.js';
import type { Answer } from '../../src/qcc/call.js';
import type { CaseDetail } from '../../src/qcc/cases.js';
import { getDetail } from '../../src/qcc/methods.js';
import { Deadline } from '../../src/qcc/wire/deadline.js';
import { EmbeddedStore } from '../../src/store/embedded/embedded-store.js';
import type { CallContext, Pins } from '../../src/upstream/handler.js';
import { memoryCache } from '../../src/upstream/memory-cache.js';
import { Meter } from '../../src/upstream/meter.js';
import { Allowance } from '../../src/upstream/policy/allowance.js';
import { closeAfterTest } from '../support/cleanup.js';
import { temporaryFolder } from '../support/temporary-folder.js';

it('serves what the estimate found to the end of the operation, whatever becomes of the cache', async () => {
  const store = closeAfterTest(new EmbeddedStore(temporaryFolder(), 'n'));
  const lifetimes = { list: 1000, detail: 1000, empty: 1000, stale: 0 };
  const cache = new AnswerCache(new TieredCache(store, 1024, console.error), lifetimes, Date.now);
  const call = getDetail.call({ id: 'case-1' });
  const answer: Answer<CaseDetail | null> = { data: null, status: '201', orderNumber: '1', receivedAt: 0 };
  const pins: Pins = new Map([[questionKey(call), { kind: 'answer', answer, stale: false }]]);
  const meter = new Meter();
  const context: CallContext = {
    client: 'anyone',
    operation: { name: null, requestId: 'r' },
    meter,
    allowance: new Allowance(),
    pins,
    since: 0,
    deadline: new Deadline(1000),
  };
  const handler = memoryCache(cache, () => undefined)(() => Promise.reject(new Error('bought')));
  expect(await handler(call, context)).toEqual(answer);
  expect(meter.cached).toBe(1);
  await expect(handler(getDetail.call({ id: 'case-2' }), context)).rejects.toThrow('bought');
});
