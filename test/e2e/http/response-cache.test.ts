import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { jsonOf, startTestGateway, type TestGateway } from '../../support/gateway.js';
import { priceVariables } from '../../support/price-variables.js';
import { propertyRuns } from '../../support/property-runs.js';

const keyOf = (name: string, scopes: string) =>
  `${name}:${createHash('sha256').update(name).digest('hex')}${scopes}`;
const ENV = {
  AUTH_API_KEYS: [keyOf('reader', ''), keyOf('officer', ':endcases:pii+usage:read')].join(','),
  CACHE_LIST_TTL: '1h',
  CACHE_DETAIL_TTL: '30m',
  ...priceVariables({ GetList: '1', GetDetail: '0.5' }),
};
/** Headers that differ in each response. */
const REQUEST_HEADERS = ['date', 'x-request-id', 'connection', 'keep-alive'];

interface Operation {
  readonly query: string;
  readonly caller: string;
  readonly accept: string;
  readonly dryRun: boolean;
  readonly times: number;
  /** Milliseconds that pass before it is sent. */
  readonly delay: number;
}

const CARDS = [
  'sandbox:rows:3',
  'sandbox:rows:25',
  'sandbox:rows:0',
  'sandbox:status:208',
  'sandbox:odd-values',
];
const WINDOWS = [
  '',
  '(first: 2)',
  '(first: 2, offset: 19)',
  '(last: 2)',
  '(first: 0)',
  '(first: 1, last: 1)',
];
const ROWS = [
  'totalCount',
  'nodes { id caseNo enforcementAmount }',
  'nodes { id detail { caseNo } }',
  'stale orderNumbers',
  'orderNumbers nodes { detail { court stale orderNumber } }',
  'nodes { detail { certificateNo } }',
  'edges { cursor node { id detail { judgmentDebtor { name keyNo } } } } pageInfo { hasNextPage }',
];
const field = fc.oneof(
  fc
    .tuple(fc.constantFrom(...CARDS), fc.constantFrom(...WINDOWS), fc.constantFrom(...ROWS))
    .map(([key, window, rows]) => `company(searchKey: "${key}") { searchKey endCases${window} { ${rows} } }`),
  fc.constantFrom(...CARDS).map((key) => `company(searchKey: "${key}") { hasEndCases searchKeyKind }`),
  fc.constantFrom('usage(groupBy: METHOD) { total { key } }', '__typename', 'nothing'),
);
const anyOperation: fc.Arbitrary<Operation> = fc.record({
  query: fc
    .uniqueArray(field, { minLength: 1, maxLength: 2 })
    .map((fields) => `query Mixed { ${fields.map((text, index) => `f${index}: ${text}`).join(' ')} }`),
  caller: fc.constantFrom('reader', 'officer'),
  accept: fc.constantFrom('application/json', 'application/graphql-response+json', '*/*'),
  dryRun: fc.constantFrom(false, false, false, true),
  times: fc.integer({ min: 1, max: 4 }),
  delay: fc.constantFrom(0, 0, 60_000, 25 * 60_000),
});

async function send(setup: TestGateway, { query, caller, accept, dryRun }: Operation) {
  const headers = { authorization: `Bearer ${caller}`, accept, ...(dryRun ? { 'x-cost-dry-run': '1' } : {}) };
  const response = await setup.post({ query, operationName: 'Mixed' }, { headers });
  const text = await response.text();
  return {
    status: response.status,
    headers: [...response.headers].filter(([name]) => !REQUEST_HEADERS.includes(name)),
    // Each purchase has its own order number.
    text: text
      .replaceAll(/"[A-Z]*\d{20,}"/g, '"number"')
      .replaceAll(/\[(?:"number",?)+\]/g, (list) => String(list.length)),
  };
}

/** All counters of the gateway; those of the response cache apart, since only they may differ. */
async function countersOf(setup: TestGateway): Promise<{ others: string[]; hits: number }> {
  const headers = { authorization: 'Bearer officer' };
  const text = await (await fetch(new URL('/metrics', setup.gateway.url), { headers })).text();
  const lines = text.split('\n').filter((line) => /^endcase_\w+_total/.test(line));
  const [hits] = lines.filter((line) => line.startsWith('endcase_response_cache_hits_total'));
  return {
    others: lines.filter((line) => line !== hits).sort(),
    hits: Number(hits?.split(' ').at(-1)),
  };
}

const gateways: TestGateway[] = [];
const open = async (options: Parameters<typeof startTestGateway>[0]) => {
  const setup = await startTestGateway(options);
  gateways.push(setup);
  return setup;
};
afterEach(() => Promise.all(gateways.splice(0).map((setup) => setup.close())));

describe('the response cache', () => {
  it('answers byte for byte as if each operation had run, and records the same metrics', async () => {
    let time = Date.UTC(2026, 0, 1);
    const now = () => time;
    const on = await open({ env: ENV, now });
    const off = await open({ env: { ...ENV, CACHE_RESPONSES: '0' }, now });
    await fc.assert(
      fc.asyncProperty(fc.array(anyOperation, { minLength: 5, maxLength: 20 }), async (operations) => {
        for (const operation of operations) {
          time += operation.delay;
          for (let round = 0; round < operation.times; round += 1) {
            expect(await send(on, operation)).toEqual(await send(off, operation));
          }
        }
      }),
      { numRuns: propertyRuns(15), endOnFailure: true },
    );
    const [counters, countersWithoutCache] = [await countersOf(on), await countersOf(off)];
    expect(counters.others).toEqual(countersWithoutCache.others);
    expect(countersWithoutCache.hits).toBe(0);
    expect(counters.hits).toBeGreaterThan(10);
  });

  it('answers concurrent identical operations as if each had run, and buys nothing twice for them', async () => {
    const options = { env: ENV, latency: 20 };
    const [on, off] = [
      await open(options),
      await open({ ...options, env: { ...ENV, CACHE_RESPONSES: '0' } }),
    ];
    // Whether an operation shares a flight or finds its answer in the cache depends on timing, so the two count as one. So
    // does how many pages the end of a list takes: one, once its length is known.
    const answersOf = async (setup: TestGateway, operation: Operation) => {
      const responses = await Promise.all(Array.from({ length: 8 }, () => send(setup, operation)));
      const isTimed = operation.query.includes('(last: ');
      return responses
        .map(({ status, headers, text }) => {
          const comparable = text.replace(/"cached":(\d+),"shared":(\d+)/, (_, cached, shared) => {
            const avoided = Number(cached) + Number(shared);
            return `"avoided":${isTimed ? avoided > 0 : avoided}`;
          });
          return JSON.stringify([status, headers, comparable]);
        })
        .sort();
    };
    await fc.assert(
      fc.asyncProperty(anyOperation, async (operation) => {
        expect(await answersOf(on, operation)).toEqual(await answersOf(off, operation));
        expect(on.sandbox.statistics.total.calls).toBe(off.sandbox.statistics.total.calls);
      }),
      { numRuns: propertyRuns(15), endOnFailure: true },
    );
    expect((await countersOf(on)).hits).toBeGreaterThan(5);
  });

  it('does not serve a response once an answer it was made of has expired', async () => {
    let time = Date.UTC(2026, 0, 1);
    const setup = await open({ env: { CACHE_LIST_TTL: '1h' }, now: () => time });
    const billed = async () =>
      (await setup.query('{ company(searchKey: "sandbox:rows:3") { endCases { nodes { id } } } }')).extensions
        .cost.billed;
    expect([await billed(), await billed(), await billed()]).toEqual([1, 0, 0]);
    expect((await countersOf(setup)).hits).toBe(1);
    time += 3_600_001;
    expect([await billed(), await billed()]).toEqual([1, 0]);
    expect((await countersOf(setup)).hits).toBe(1);
  });

  it('gives no response to callers with other scopes', async () => {
    const setup = await open({ env: ENV });
    const query =
      '{ company(searchKey: "sandbox:rows:3") { endCases { nodes { detail { certificateNo judgmentDebtor { name } } } } } }';
    const as = async (caller: string) =>
      (await setup.post({ query }, { headers: { authorization: `Bearer ${caller}` } })).text();
    for (let round = 0; round < 3; round += 1) expect(await as('officer')).not.toContain('FORBIDDEN');
    expect((await countersOf(setup)).hits).toBeGreaterThan(0);
    for (let round = 0; round < 3; round += 1) {
      expect(await as('reader')).toContain('FORBIDDEN');
      expect(await as('reader')).not.toMatch(/"certificateNo":"/);
    }
  });

  it.each([
    ['1e400', 'null'],
    ['-0', '0'],
    ['9007199254740993', '9007199254740992.5'],
    ['"\\ud800"', '"\\ufffd"'],
    ['{"searchKey":"ab","searchKey":"cd"}', '{"searchKey":"ab"}'],
  ])('gives no response to a request with another value: %s and %s', async (one, other) => {
    const options = { env: { ...ENV, AUTH: 'none', AUTH_API_KEYS: '' } };
    const [on, off] = [await open(options), await open({ env: { ...options.env, CACHE_RESPONSES: '0' } })];
    const answersOf = async (setup: TestGateway) => {
      const answers: string[] = [];
      for (const value of [one, other, one, other, other, other, one]) {
        // The value of the key is used if it is not null: a company without any key is null.
        const body = `{"query":"query ($r: [_Any!]!) { _entities(representations: $r) { ... on Company { hasEndCases } } }","variables":{"r":[{"__typename":"Company","searchKey":"sandbox:rows:3","keyNo":${value}}]}}`;
        const { data, errors } = await jsonOf(await setup.post({}, { body }));
        answers.push(JSON.stringify([data, errors]));
      }
      return answers;
    };
    expect(await answersOf(on)).toEqual(await answersOf(off));
  });

  it('serves a process that found in the store what another process had bought', async () => {
    const one = await open({});
    const other = await startTestGateway({ upstream: one.sandbox, folder: one.folder });
    const query =
      '{ company(searchKey: "sandbox:rows:3") { endCases { totalCount nodes { id detail { certificateNo } } } } }';
    expect((await one.query(query)).extensions.cost.billed).toBe(4);
    for (let round = 0; round < 3; round += 1) {
      expect((await other.query(query)).extensions.cost).toMatchObject({ billed: 0, cached: 4 });
    }
    expect((await countersOf(other)).hits).toBe(1);
    await other.close();
  });
});
