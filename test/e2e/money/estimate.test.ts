import fc from 'fast-check';
import { rowAt } from '../../../src/sandbox/cases.js';
import { companyBy } from '../../../src/sandbox/companies.js';
import { type GraphResponse, startTestGateway, type TestGateway } from '../../support/gateway.js';
import { propertyRuns } from '../../support/property-runs.js';

const SAMPLE = '浙江省临海标准件工业公司';
const KEYS = [
  SAMPLE,
  'sandbox:rows:0',
  'sandbox:rows:1',
  'sandbox:rows:45',
  'sandbox:rows:7',
  'sandbox:status:208',
];
const LIMIT = '1000000';

let gateway: TestGateway;
afterEach(() => gateway.close());

const run = async (query: string, headers: Record<string, string> = {}): Promise<GraphResponse> =>
  (await gateway.post({ query }, { headers })).json() as Promise<GraphResponse>;
const dryRun = (query: string) => run(query, { 'x-cost-dry-run': '1' });
const estimateOf = async (query: string) => (await dryRun(query)).extensions.cost.estimate;
const list = (key: string, window: string, node = 'id') =>
  `{ company(searchKey: "${key}") { endCases${window} { nodes { ${node} } } } }`;
const BOUGHT = 'detail { certificateNo }';

describe('a dry run', () => {
  beforeEach(async () => {
    gateway = await startTestGateway();
  });

  it('calls nothing and gives what the operation would bill', async () => {
    const query = list(SAMPLE, '(first: 25)', BOUGHT);
    const { data, errors, extensions } = await dryRun(query);
    expect(data).toBeNull();
    expect(errors).toHaveLength(1);
    expect(errors?.[0]?.extensions).toEqual({
      code: 'DRY_RUN',
      estimate: { min: 1, max: 27 },
      retryable: false,
    });
    expect(extensions.cost).toMatchObject({ billed: 0, estimate: { min: 1, max: 27 } });
    expect(gateway.sandbox.statistics.total.calls).toBe(0);
    expect((await run(query)).extensions.cost.billed).toBe(27);
    expect(await estimateOf(query)).toEqual({ min: 0, max: 0 });
  });

  it.each<[string, string, { min: number; max: number }]>([
    [
      'nothing for fields that need no call',
      `{ company(searchKey: "${SAMPLE}") { searchKey } }`,
      { min: 0, max: 0 },
    ],
    ['nothing for a bad key', list('x', ''), { min: 0, max: 0 }],
    ['nothing for a bad window', list(SAMPLE, '(first: 101)'), { min: 0, max: 0 }],
    [
      'one page for hasEndCases and totalCount',
      `{ company(searchKey: "${SAMPLE}") { hasEndCases endCases(first: 0) { totalCount } } }`,
      { min: 1, max: 1 },
    ],
    ['the pages under a window', list(SAMPLE, '(offset: 15, first: 30)'), { min: 1, max: 3 }],
    ['the pages under a window from the end', list(SAMPLE, '(last: 22)'), { min: 1, max: 4 }],
    [
      'no details where the rows have the fields',
      list(SAMPLE, '(first: 20)', 'detail { court }'),
      { min: 1, max: 1 },
    ],
    ['one detail for a case', '{ endCase(id: "x") { court } }', { min: 1, max: 1 }],
    ['nothing for the id of a case', '{ endCase(id: "x") { id } }', { min: 0, max: 0 }],
    [
      'a page once for two aliases',
      `{ a: ${list(SAMPLE, '').slice(2, -2)} b: ${list(SAMPLE, '(offset: 5)').slice(2, -2)} }`,
      { min: 1, max: 1 },
    ],
    [
      'only fields that @skip and @include keep',
      list(
        SAMPLE,
        '(first: 2)',
        'id ... @include(if: false) { detail { certificateNo } } detail @skip(if: true) { certificateNo }',
      ),
      { min: 1, max: 1 },
    ],
    [
      'the lists of judgment debtors',
      list(SAMPLE, '(first: 3)', 'detail { judgmentDebtor { company { hasEndCases } } }'),
      { min: 1, max: 7 },
    ],
  ])('counts %s', async (_, query, estimate) => {
    expect(await estimateOf(query)).toEqual(estimate);
  });

  it('counts rows not yet seen in the maximum only', async () => {
    await run(`{ company(searchKey: "${SAMPLE}") { endCases { totalCount } } }`);
    expect(await estimateOf(list(SAMPLE, '(offset: 50, first: 49)', BOUGHT))).toEqual({
      min: 3,
      max: 3 + 49,
    });
  });

  it('is exact once every row of the windows has been seen', async () => {
    const companies = `companies(searchKeys: ["${KEYS.slice(0, 5).join('","')}"])`;
    await run(
      `{ ${companies} { first: endCases(first: 100) { nodes { id } } last: endCases(last: 30) { nodes { id } } } }`,
    );
    for (const window of ['(first: 100)', '(last: 30)', '(offset: 38, first: 9)', '(first: 0)', '']) {
      const { min, max } = await estimateOf(`{ ${companies} { endCases${window} { nodes { ${BOUGHT} } } } }`);
      expect(min).toBe(max);
    }
    await run(list(SAMPLE, '(offset: 50, first: 49)', 'id'));
    const query = list(SAMPLE, '(offset: 50, first: 49)', BOUGHT);
    const { min } = await estimateOf(query);
    expect((await run(query)).extensions.cost.billed).toBe(min);
    expect(min).toBe(49);
  });

  it.each(['yes', ''])('is refused, and costs nothing, where the header is "%s"', async (value) => {
    const { errors } = await run(list(SAMPLE, ''), { 'x-cost-dry-run': value });
    expect(errors?.[0]?.message).toMatch(/must be 1/);
    expect(gateway.sandbox.statistics.total.calls).toBe(0);
  });
});

const key = fc.constantFrom(...KEYS);
const size = fc.integer({ min: 0, max: 30 });
const window = fc.oneof(
  fc.constant(''),
  size.map((first) => `(first: ${first})`),
  size.map((last) => `(last: ${last})`),
  fc.tuple(size, size).map(([offset, first]) => `(offset: ${offset}, first: ${first})`),
);
const nested = fc.constantFrom(
  'hasEndCases',
  'endCases(first: 2) { nodes { detail { certificateNo } } }',
  'endCases(last: 3) { totalCount nodes { court } }',
);
const node = fc.oneof(
  fc.constantFrom(
    'id',
    'court',
    'detail { court }',
    BOUGHT,
    'detail { court } more: detail { certificateNo }',
  ),
  nested.map((company) => `detail { judgmentDebtor { company { ${company} } } }`),
);
const connection = fc
  .tuple(
    window,
    fc.subarray(['totalCount', 'stale', 'pageInfo { endCursor }', 'pageInfo { hasNextPage }'], {
      minLength: 0,
    }),
    fc.boolean(),
    node,
  )
  .map(
    ([where, counts, hasRows, rows]) =>
      `endCases${where} { __typename ${counts.join(' ')} ${hasRows ? `nodes { ${rows} } edges { node { id } }` : ''} }`,
  );
const company = fc.array(fc.oneof(fc.constant('hasEndCases'), connection), { minLength: 1, maxLength: 3 });
const operation = fc
  .array(fc.tuple(key, company), { minLength: 1, maxLength: 3 })
  .map(
    (companies) =>
      `{ ${companies
        .map(
          ([searchKey, fields], index) =>
            `c${index}: company(searchKey: "${searchKey}") { ${fields.map((field, at) => `f${at}: ${field}`).join(' ')} }`,
        )
        .join(' ')} }`,
  );

/** A case by its id; its list may or may not have been bought. */
const ofCase = fc.tuple(fc.constantFrom(SAMPLE, 'sandbox:rows:45'), fc.nat(44)).map(([searchKey, index]) => {
  const { Id } = rowAt(companyBy(searchKey).seed, index);
  return `{ endCase(id: "${Id}") { court detail { judgmentDebtor { company { hasEndCases } } } } }`;
});
const anyOperation = fc.oneof({ weight: 3, arbitrary: operation }, { weight: 1, arbitrary: ofCase });

describe('the estimate', () => {
  it('brackets the real bill of any operation, whatever has been bought before', async () => {
    gateway = await startTestGateway({ env: { MAX_CALLS_PER_OPERATION: LIMIT } });
    let bought = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(anyOperation, { minLength: 1, maxLength: 5 }), async (operations) => {
        for (const query of operations) {
          const { min, max } = await estimateOf(query);
          const { extensions, errors } = await run(query);
          const failures = (errors ?? []).filter(({ extensions: { upstream } }) => upstream === undefined);
          expect(failures).toEqual([]);
          expect(extensions.cost.billed).toBeGreaterThanOrEqual(min);
          expect(extensions.cost.billed).toBeLessThanOrEqual(max);
          expect(extensions.cost.billed + extensions.cost.maybeBilled).toBe(
            extensions.cost.orderNumbers.length,
          );
          bought += extensions.cost.billed;
        }
        // Now and then start with an empty cache.
        if (bought > 250) {
          bought = 0;
          await gateway.close();
          gateway = await startTestGateway({ env: { MAX_CALLS_PER_OPERATION: LIMIT } });
        }
      }),
      { numRuns: propertyRuns(50, 15) },
    );
  });
});

describe('an operation that may bill too much', () => {
  it('is refused before any call, with its maximum and the limit in the message', async () => {
    gateway = await startTestGateway({ env: { MAX_CALLS_PER_OPERATION: '20' } });
    const query = list(SAMPLE, '(first: 20)', BOUGHT);
    const { data, errors, extensions } = await run(query);
    expect(data).toBeNull();
    expect(errors?.[0]?.extensions).toEqual({
      code: 'COST_LIMIT_EXCEEDED',
      limit: 20,
      estimate: { min: 1, max: 21 },
      retryable: false,
    });
    expect(errors?.[0]?.message).toMatch(/may bill 21 .* 20 that MAX_CALLS_PER_OPERATION/);
    expect(extensions.cost.billed).toBe(0);
    expect(gateway.sandbox.statistics.total.calls).toBe(0);
    expect((await dryRun(query)).extensions.cost.estimate).toEqual({ min: 1, max: 21 });
    // With its page in the cache the operation fits.
    await run(list(SAMPLE, ''));
    expect((await run(query)).extensions.cost.billed).toBe(20);
  });
});
