import { startSandbox } from '../../../src/sandbox/server.js';
import { closeAfterTest } from '../../support/cleanup.js';
import { startTestGateway } from '../../support/gateway.js';
import { holdUpstream } from '../../support/held-upstream.js';
import { queueDepth, requestsInFlight } from '../../support/metrics.js';
import { waitUntil } from '../../support/wait-until.js';

const LONG =
  '{ company(searchKey: "sandbox:rows:60") { endCases(first: 60) { nodes { detail { certificateNo } } } } }';
const PAGES = 3;
const CASES = 60;
const SHORT_ID = '68d0c45d6ce6115c340e31674b45cd62';
const CONCURRENCY = 2;

describe('QCC_MAX_CONCURRENCY', () => {
  const start = async () => {
    const sandbox = closeAfterTest(await startSandbox());
    const upstream = closeAfterTest(await holdUpstream(sandbox));
    const gateway = closeAfterTest(
      await startTestGateway({
        upstream: sandbox,
        env: { QCC_BASE_URL: upstream.url, QCC_MAX_CONCURRENCY: String(CONCURRENCY), QCC_TIMEOUT: '2m' },
      }),
    );
    /** Lets calls pass one by one until `count` have arrived. Never more than two are under way. */
    const answerUntil = async (count: number) => {
      while (upstream.arrived.length < count) {
        await waitUntil(() => upstream.held > 0);
        expect(upstream.held).toBeLessThanOrEqual(CONCURRENCY);
        upstream.release(1);
      }
    };
    return { sandbox, upstream, gateway, answerUntil };
  };

  it('caps the calls under way, and a long list does not delay a short operation', async () => {
    const { sandbox, upstream, gateway, answerUntil } = await start();
    const long = gateway.query(LONG);
    await answerUntil(PAGES + 4);
    await waitUntil(() => upstream.held === CONCURRENCY);
    const queued = await queueDepth(gateway.url);
    expect(queued).toBeGreaterThan(CASES / 2);
    const short = gateway.query(`{ endCase(id: "${SHORT_ID}") { court } }`);
    await waitUntil(async () => (await queueDepth(gateway.url)) === queued + 1, 'the short operation queues');
    const before = upstream.arrived.length;
    // Operations take turns: after at most one more call of the long list the short operation gets its slot.
    await answerUntil(before + 2);
    expect(upstream.arrived.slice(before)).toContain(SHORT_ID);
    upstream.open();
    expect((await short).errors).toBeUndefined();
    expect((await long).errors).toBeUndefined();
    expect(sandbox.statistics.GetDetail.calls).toBe(CASES + 1);
  });

  it('buys nothing more for a caller who has disconnected', async () => {
    const { sandbox, upstream, gateway, answerUntil } = await start();
    const caller = new AbortController();
    const response = gateway.post({ query: LONG }, { signal: caller.signal });
    response.catch(() => undefined);
    await answerUntil(PAGES + 4);
    await waitUntil(() => upstream.held === CONCURRENCY);
    caller.abort();
    await expect(response).rejects.toThrow();
    await waitUntil(async () => (await requestsInFlight(gateway.url)) === 0, 'the gateway notices');
    expect(await queueDepth(gateway.url)).toBe(0);
    const bought = upstream.arrived.length;
    upstream.open();
    // This call comes after every call that the cancelled operation could still have made.
    expect((await gateway.query('{ endCase(id: "another case") { court } }')).errors).toBeUndefined();
    expect(upstream.arrived.slice(bought)).toEqual(['another case']);
    expect(sandbox.statistics.total.calls).toBe(bought + 1);
  });
});
