import fc from 'fast-check';
import { startSandbox } from '../../../src/sandbox/server.js';
import { closeAfterTest } from '../../support/cleanup.js';
import { startTestGateway } from '../../support/gateway.js';
import { holdUpstream } from '../../support/held-upstream.js';
import { requestsInFlight } from '../../support/metrics.js';
import { propertyRuns } from '../../support/property-runs.js';
import { waitUntil } from '../../support/wait-until.js';

const COMPANIES = 50;
const KEYS = Array.from({ length: COMPANIES }, (_, index) => `sandbox:rows:${index + 1}`);
/** Rows that the query selects of each list. */
const ROWS = KEYS.map((_, index) => Math.min(30, index + 1));
/** List pages, of 20 rows, that it needs. */
const PAGES = ROWS.reduce((total, rows) => total + Math.ceil(rows / 20), 0);
/** With a detail for each row. */
const NEEDED = ROWS.reduce((total, rows) => total + rows, PAGES);
const QUERY = `{ companies(searchKeys: ${JSON.stringify(KEYS)}) {
  searchKey endCases(first: 30) { totalCount nodes { id detail { certificateNo } } }
} }`;
const CONCURRENCY = 25;
const ENV = { MAX_CALLS_PER_OPERATION: '100000', QCC_MAX_CONCURRENCY: String(CONCURRENCY) };

describe('fifty companies with pages and details', () => {
  it('cost each answer once, and little memory', async () => {
    const gateway = closeAfterTest(await startTestGateway({ env: ENV }));
    const before = process.memoryUsage().rss;
    const { data, errors, extensions } = await gateway.query(QUERY);
    expect(errors).toBeUndefined();
    expect(data.companies).toHaveLength(COMPANIES);
    expect(data.companies[COMPANIES - 1].endCases.nodes).toHaveLength(30);
    expect(extensions.cost.billed).toBe(NEEDED);
    expect(gateway.sandbox.statistics.total.billed).toBe(NEEDED);
    expect((await gateway.query(QUERY)).extensions.cost.billed).toBe(0);
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 ** 2);
  });

  it('spend the budget to its end and no further', async () => {
    const gateway = closeAfterTest(await startTestGateway({ env: { ...ENV, BUDGET_PER_DAY: '500' } }));
    const { errors, extensions } = await gateway.query(QUERY);
    expect(extensions.cost.billed).toBe(500);
    expect(gateway.sandbox.statistics.total.billed).toBe(500);
    expect(new Set(errors?.map((error) => error.extensions.code))).toEqual(new Set(['BUDGET_EXCEEDED']));
  });

  it('stop being bought when the caller disconnects, and the answers bought so far serve the next caller', async () => {
    const sandbox = closeAfterTest(await startSandbox());
    const upstream = closeAfterTest(await holdUpstream(sandbox));
    const gateway = closeAfterTest(
      await startTestGateway({
        upstream: sandbox,
        env: { ...ENV, QCC_BASE_URL: upstream.url, QCC_TIMEOUT: '2m' },
      }),
    );
    const caller = new AbortController();
    const response = gateway.post({ query: QUERY }, { signal: caller.signal }).catch(() => 'disconnected');
    // Pages come first: this is in the middle of the details.
    while (upstream.arrived.length < PAGES + 100) {
      await waitUntil(() => upstream.held > 0);
      upstream.release(upstream.held);
    }
    await waitUntil(() => upstream.held === CONCURRENCY);
    caller.abort();
    expect(await response).toBe('disconnected');
    await waitUntil(async () => (await requestsInFlight(gateway.url)) === 0, 'the gateway notices');
    const bought = upstream.arrived.length;
    expect(bought).toBeLessThan(NEEDED / 2);
    upstream.open();
    // This call comes after every call that the cancelled operation could still have made.
    await gateway.query('{ endCase(id: "another case") { court } }');
    expect(upstream.arrived.slice(bought)).toEqual(['another case']);
    await gateway.query(QUERY);
    expect(sandbox.statistics.total.billed).toBe(NEEDED + 1);
  });
});

describe('a list that changes between purchases', () => {
  const KEY = 'sandbox:rows:60';
  const WALK = `query ($searchKey: String!, $first: Int, $after: String) {
    company(searchKey: $searchKey) { endCases(first: $first, after: $after) {
      totalCount pageInfo { hasNextPage endCursor } nodes { id } } } }`;

  it('is dropped where a newer page has another length, and only there', async () => {
    const gateway = closeAfterTest(await startTestGateway());
    const list = (window: string) =>
      `{ company(searchKey: "${KEY}") { endCases${window} { totalCount nodes { id } } } }`;
    await gateway.query(list('(first: 40)'));
    gateway.sandbox.setList(KEY, [100, ...Array.from({ length: 60 }, (_, index) => index)]);
    const third = await gateway.query(list('(first: 60)'));
    expect(third.extensions.cost).toMatchObject({ billed: 1, cached: 2 });
    expect(third.data.company.endCases.totalCount).toBe(61);
    const ids = third.data.company.endCases.nodes.map(({ id }: { id: string }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const anew = await gateway.query(list('(first: 61)'));
    // The two pages of the shorter list are bought again; the newer page still serves.
    expect(anew.extensions.cost).toMatchObject({ billed: 3, cached: 1 });
    expect(anew.data.company.endCases.nodes).toHaveLength(61);
    expect((await gateway.query(list('(first: 61)'))).extensions.cost.billed).toBe(0);
  });

  it('is paged through to its end without a case twice in one answer, however it grows and shrinks', async () => {
    const change = fc.record({
      added: fc.integer({ min: 0, max: 5 }),
      removed: fc.array(fc.nat(200), { maxLength: 5 }),
    });
    let walks = 0;
    const gateway = closeAfterTest(await startTestGateway());
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 70 }),
        fc.integer({ min: 1, max: 40 }),
        fc.array(change, { maxLength: 6 }),
        async (length, step, changes) => {
          const searchKey = `变化公司${walks++}`;
          let positions = Array.from({ length }, (_, index) => index);
          let newest = 1000;
          gateway.sandbox.setList(searchKey, positions);
          let after: string | null = null;
          const left = [...changes];
          for (let steps = 0; ; steps++) {
            expect(steps).toBeLessThan(200);
            const { data, errors, extensions } = await gateway.query(WALK, { searchKey, first: step, after });
            expect(errors).toBeUndefined();
            const { nodes, pageInfo, totalCount } = data.company.endCases;
            const ids = nodes.map(({ id }: { id: string }) => id);
            expect(new Set(ids).size).toBe(ids.length);
            expect(ids.length).toBeLessThanOrEqual(step);
            // A page just bought gives the length, or an upper bound of it where the page is empty. A cached page
            // may give an older length.
            if (extensions.cost.billed > 0) {
              expect(totalCount).toBeGreaterThanOrEqual(positions.length);
              expect(totalCount - positions.length).toBeLessThan(20);
            }
            if (!pageInfo.hasNextPage || pageInfo.endCursor === null) break;
            after = pageInfo.endCursor;
            const next = left.shift();
            if (next === undefined) continue;
            const removed = new Set(
              next.removed.map((index) => positions[index % Math.max(1, positions.length)]),
            );
            const added = Array.from({ length: next.added }, () => newest++);
            positions = [...added, ...positions.filter((position) => !removed.has(position))];
            gateway.sandbox.setList(searchKey, positions);
          }
        },
      ),
      { numRuns: propertyRuns(50, 15) },
    );
  });
});
