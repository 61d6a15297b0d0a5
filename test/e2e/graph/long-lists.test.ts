import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { startTestGateway, type TestGateway } from '../../support/gateway.js';
import { until } from '../../support/until.js';

const KEYS = Array.from({ length: 100 }, (_, index) => `sandbox:rows:${index + 1}`);
/** Pages of 20 for the first 30 rows, and a detail for each row. */
const NEEDED = KEYS.reduce((left, _, index) => {
  const rows = Math.min(30, index + 1);
  return left + Math.ceil(rows / 20) + rows;
}, 0);
const QUERY = `{ companies(searchKeys: ${JSON.stringify(KEYS)}) {
  searchKey endCases(first: 30) { totalCount nodes { id detail { certificateNo } } }
} }`;
const CONCURRENCY = 25;
const ENV = { MAX_CALLS_PER_OPERATION: '100000', QCC_MAX_CONCURRENCY: String(CONCURRENCY) };

let setup: TestGateway;
afterEach(() => setup.close());

describe('a hundred companies with pages and details', () => {
  it('cost each answer once, and memory that stays flat', async () => {
    setup = await startTestGateway({ env: ENV, latency: 2 });
    const before = process.memoryUsage().rss;
    const { data, errors, extensions } = await setup.query(QUERY);
    expect(errors).toBeUndefined();
    expect(data.companies).toHaveLength(100);
    expect(data.companies[99].endCases.nodes).toHaveLength(30);
    expect(extensions.cost.billed).toBe(NEEDED);
    expect(setup.sandbox.statistics.total.billed).toBe(NEEDED);
    expect((await setup.query(QUERY)).extensions.cost.billed).toBe(0);
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 ** 2);
  });

  it('spend nothing that the budget refuses', async () => {
    setup = await startTestGateway({ env: { ...ENV, BUDGET_PER_DAY: '500' } });
    const { errors, extensions } = await setup.query(QUERY);
    expect(extensions.cost.billed).toBe(500);
    expect(setup.sandbox.statistics.total.billed).toBe(500);
    expect(new Set(errors?.map((error) => error.extensions.code))).toEqual(new Set(['BUDGET_EXCEEDED']));
  });

  it('are bought no further once the caller has gone', async () => {
    setup = await startTestGateway({ env: ENV, latency: 40 });
    const cancellation = new AbortController();
    const asked = setup.post({ query: QUERY }, { signal: cancellation.signal }).catch(() => 'left');
    await sleep(300);
    cancellation.abort();
    expect(await asked).toBe('left');
    const calls = () => setup.sandbox.statistics.total.calls;
    await until(async () => {
      const before = calls();
      await sleep(400);
      return calls() === before;
    });
    expect(calls()).toBeLessThan(NEEDED / 2);
    // What had been bought by then is not bought again.
    await setup.query(QUERY);
    expect(setup.sandbox.statistics.total.billed).toBe(NEEDED);
  });
});

describe('a list that changes between purchases', () => {
  const KEY = 'sandbox:rows:60';

  it('is dropped where a newer page tells another length, and only there', async () => {
    setup = await startTestGateway();
    const list = (window: string) =>
      `{ company(searchKey: "${KEY}") { endCases${window} { totalCount nodes { id } } } }`;
    await setup.query(list('(first: 40)'));
    setup.sandbox.setList(KEY, [100, ...Array.from({ length: 60 }, (_, index) => index)]);
    const third = await setup.query(list('(first: 60)'));
    expect(third.extensions.cost).toMatchObject({ billed: 1, cached: 2 });
    expect(third.data.company.endCases.totalCount).toBe(61);
    const ids = third.data.company.endCases.nodes.map(({ id }: { id: string }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const anew = await setup.query(list('(first: 61)'));
    // The two that are of the shorter list are bought anew; the one that told is kept.
    expect(anew.extensions.cost).toMatchObject({ billed: 3, cached: 1 });
    expect(anew.data.company.endCases.nodes).toHaveLength(61);
    expect((await setup.query(list('(first: 61)'))).extensions.cost.billed).toBe(0);
  });

  it('is walked without a case shown twice in one answer, to an end, by whatever it grows and shrinks', async () => {
    const change = fc.record({
      added: fc.integer({ min: 0, max: 5 }),
      removed: fc.array(fc.nat(200), { maxLength: 5 }),
    });
    let walks = 0;
    setup = await startTestGateway();
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 70 }),
        fc.integer({ min: 1, max: 40 }),
        fc.array(change, { maxLength: 6 }),
        async (length, step, changes) => {
          const searchKey = `变化公司${walks++}`;
          let places = Array.from({ length }, (_, index) => index);
          let newest = 1000;
          setup.sandbox.setList(searchKey, places);
          let after: string | null = null;
          for (let steps = 0; ; steps++) {
            expect(steps).toBeLessThan(200);
            const cursor: string = after === null ? '' : `, after: "${after}"`;
            const { data, errors, extensions } = await setup.query(
              `{ company(searchKey: "${searchKey}") { endCases(first: ${step}${cursor}) {
                 totalCount pageInfo { hasNextPage endCursor } nodes { id } } } }`,
            );
            expect(errors).toBeUndefined();
            const { nodes, pageInfo, totalCount } = data.company.endCases;
            const ids = nodes.map(({ id }: { id: string }) => id);
            expect(new Set(ids).size).toBe(ids.length);
            expect(ids.length).toBeLessThanOrEqual(step);
            // What has just been bought tells the length, or that it is no more than what comes before an empty page;
            // what was bought before may tell an older one.
            if (extensions.cost.billed > 0) {
              expect(totalCount).toBeGreaterThanOrEqual(places.length);
              expect(totalCount - places.length).toBeLessThan(20);
            }
            if (!pageInfo.hasNextPage || pageInfo.endCursor === null) break;
            after = pageInfo.endCursor;
            const next = changes.shift();
            if (next === undefined) continue;
            const gone = new Set(next.removed.map((index) => places[index % Math.max(1, places.length)]));
            const added = Array.from({ length: next.added }, () => newest++);
            places = [...added, ...places.filter((place) => !gone.has(place))];
            setup.sandbox.setList(searchKey, places);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
