import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { startTestGateway, type TestGateway } from '../../support/gateway.js';

const keyOf = (name: string, scopes: string) =>
  `${name}:${createHash('sha256').update(name).digest('hex')}${scopes}`;
const ENV = {
  AUTH_API_KEYS: [keyOf('reader', ''), keyOf('officer', ':endcases:pii+usage:read')].join(','),
  CACHE_LIST_TTL: '1h',
  CACHE_DETAIL_TTL: '30m',
  QCC_PRICE_GETLIST: '1',
  QCC_PRICE_GETDETAIL: '0.5',
};
/** Headers of one response alone. */
const OWN = ['date', 'x-request-id', 'connection', 'keep-alive'];

interface Asked {
  readonly query: string;
  readonly caller: string;
  readonly accept: string;
  readonly dryRun: boolean;
  readonly times: number;
  /** Milliseconds that pass before it is asked. */
  readonly later: number;
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
const asked: fc.Arbitrary<Asked> = fc.record({
  query: fc
    .uniqueArray(field, { minLength: 1, maxLength: 2 })
    .map((fields) => `query Mixed { ${fields.map((text, index) => `f${index}: ${text}`).join(' ')} }`),
  caller: fc.constantFrom('reader', 'officer'),
  accept: fc.constantFrom('application/json', 'application/graphql-response+json', '*/*'),
  dryRun: fc.constantFrom(false, false, false, true),
  times: fc.integer({ min: 1, max: 4 }),
  later: fc.constantFrom(0, 0, 60_000, 25 * 60_000),
});

async function ask(setup: TestGateway, { query, caller, accept, dryRun }: Asked) {
  const headers = { authorization: `Bearer ${caller}`, accept, ...(dryRun ? { 'x-cost-dry-run': '1' } : {}) };
  const response = await setup.post({ query, operationName: 'Mixed' }, { headers });
  const text = await response.text();
  return {
    status: response.status,
    headers: [...response.headers].filter(([name]) => !OWN.includes(name)),
    // Each purchase has a number of its own.
    text: text
      .replaceAll(/"[A-Z]*\d{20,}"/g, '"number"')
      .replaceAll(/\[(?:"number",?)+\]/g, (list) => String(list.length)),
  };
}

/** What is counted, but for what took time, and for what tells of the process or of finished bodies. */
async function countsOf(setup: TestGateway): Promise<{ same: string[]; replayed: number }> {
  const text = await (await fetch(new URL('/metrics', setup.gateway.url))).text();
  const lines = text.split('\n').filter((line) => /^endcase_\w+_total/.test(line));
  const [replayed] = lines.filter((line) => line.startsWith('endcase_response_cache_hits_total'));
  return {
    same: lines.filter((line) => line !== replayed).sort(),
    replayed: Number(replayed?.split(' ').at(-1)),
  };
}

const benches: TestGateway[] = [];
const open = async (options: Parameters<typeof startTestGateway>[0]) => {
  const setup = await startTestGateway(options);
  benches.push(setup);
  return setup;
};
afterEach(() => Promise.all(benches.splice(0).map((setup) => setup.close())));

describe('finished bodies', () => {
  it('answer byte for byte as if each operation had run, and count alike', async () => {
    let time = Date.UTC(2026, 0, 1);
    const now = () => time;
    const on = await open({ env: ENV, now });
    const off = await open({ env: { ...ENV, CACHE_RESPONSES: '0' }, now });
    await fc.assert(
      fc.asyncProperty(fc.array(asked, { minLength: 5, maxLength: 20 }), async (operations) => {
        for (const operation of operations) {
          time += operation.later;
          for (let turn = 0; turn < operation.times; turn += 1) {
            const [with_, without] = [await ask(on, operation), await ask(off, operation)];
            expect(with_).toEqual(without);
          }
        }
      }),
      { numRuns: 40, endOnFailure: true },
    );
    const [one, other] = [await countsOf(on), await countsOf(off)];
    expect(one.same).toEqual(other.same);
    expect(other.replayed).toBe(0);
    expect(one.replayed).toBeGreaterThan(50);
  });

  it('answer a crowd that asks the same at once as if each had run, and nothing is bought for it twice', async () => {
    const options = { env: ENV, latency: 20 };
    const [on, off] = [
      await open(options),
      await open({ ...options, env: { ...ENV, CACHE_RESPONSES: '0' } }),
    ];
    // Who comes while an answer is on its way shares it, who comes after finds it: that is chance, here as there.
    const answersOf = async (setup: TestGateway, operation: Asked) => {
      const crowd = await Promise.all(Array.from({ length: 8 }, () => ask(setup, operation)));
      return crowd
        .map(({ status, headers, text }) => {
          const told = text.replace(
            /"cached":(\d+),"shared":(\d+)/,
            (_, cached, shared) => `"for nothing":${Number(cached) + Number(shared)}`,
          );
          return JSON.stringify([status, headers, told]);
        })
        .sort();
    };
    await fc.assert(
      fc.asyncProperty(asked, async (operation) => {
        expect(await answersOf(on, operation)).toEqual(await answersOf(off, operation));
        expect(on.sandbox.statistics.total.calls).toBe(off.sandbox.statistics.total.calls);
      }),
      { numRuns: 40, endOnFailure: true },
    );
    expect((await countsOf(on)).replayed).toBeGreaterThan(20);
  });

  it('serve no more once a part of them expires, or is bought anew', async () => {
    let time = Date.UTC(2026, 0, 1);
    const setup = await open({ env: { CACHE_LIST_TTL: '1h' }, now: () => time });
    const billed = async () =>
      (await setup.query('{ company(searchKey: "sandbox:rows:3") { endCases { nodes { id } } } }')).extensions
        .cost.billed;
    expect([await billed(), await billed(), await billed()]).toEqual([1, 0, 0]);
    expect((await countsOf(setup)).replayed).toBe(1);
    time += 3_600_001;
    expect([await billed(), await billed()]).toEqual([1, 0]);
    expect((await countsOf(setup)).replayed).toBe(1);
  });

  it('tell callers of other scopes nothing', async () => {
    const setup = await open({ env: ENV });
    const query =
      '{ company(searchKey: "sandbox:rows:3") { endCases { nodes { detail { certificateNo judgmentDebtor { name } } } } } }';
    const as = async (caller: string) =>
      (await setup.post({ query }, { headers: { authorization: `Bearer ${caller}` } })).text();
    for (let turn = 0; turn < 3; turn += 1) expect(await as('officer')).not.toContain('FORBIDDEN');
    expect((await countsOf(setup)).replayed).toBeGreaterThan(0);
    for (let turn = 0; turn < 3; turn += 1) {
      expect(await as('reader')).toContain('FORBIDDEN');
      expect(await as('reader')).not.toMatch(/"certificateNo":"/);
    }
  });

  it('are had by a process that found in the store what another has bought', async () => {
    const one = await open({});
    const other = await startTestGateway({ upstream: one.sandbox, folder: one.folder });
    const query =
      '{ company(searchKey: "sandbox:rows:3") { endCases { totalCount nodes { id detail { certificateNo } } } } }';
    expect((await one.query(query)).extensions.cost.billed).toBe(4);
    for (let turn = 0; turn < 3; turn += 1) {
      expect((await other.query(query)).extensions.cost).toMatchObject({ billed: 0, cached: 4 });
    }
    expect((await countsOf(other)).replayed).toBe(1);
    await other.close();
  });
});
