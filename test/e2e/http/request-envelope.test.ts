import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { jsonOf, startTestGateway, type TestGateway } from '../../support/gateway.js';
import { propertyRuns } from '../../support/property-runs.js';

const COMPANY = '{ company(searchKey: "sandbox:rows:3") { searchKey } }';
const HASH = createHash('sha256').update(COMPANY).digest('hex');
const PREFLIGHTED = { 'apollo-require-preflight': '1' };

let setup: TestGateway;
beforeAll(async () => {
  setup = await startTestGateway();
});
afterAll(() => setup.close());

const answerOf = async (body: object) => {
  const response = await setup.post(body);
  const { errors = [], data } = await jsonOf(response);
  return { status: response.status, code: errors[0]?.extensions.code, message: errors[0]?.message, data };
};

describe('a persisted query', () => {
  const persisted = (persistedQuery: unknown, query?: string) => ({ query, extensions: { persistedQuery } });

  it.each([
    ['another hash', persisted({ version: 1, sha256Hash: HASH.replace(/^./, 'x') }, COMPANY), /SHA-256/],
    ['another version', persisted({ version: 2, sha256Hash: HASH }, COMPANY), /version must be the number 1/],
    ['no version', persisted({ sha256Hash: HASH }), /version must be the number 1/],
    ['a hash that is a number', persisted({ version: 1, sha256Hash: 1 }), /sha256Hash must be a string/],
    ['no hash', persisted({ version: 1 }), /sha256Hash must be a string/],
    ['a string in its place', persisted(HASH, COMPANY), /must be an object with version and sha256Hash/],
    ['false in its place', persisted(false, COMPANY), /must be an object with version and sha256Hash/],
  ])('with %s is a bad request', async (_, body, message) => {
    const answer = await answerOf(body);
    expect(answer).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
    expect(answer.message).toMatch(message);
  });

  it('may have its hash in capitals', async () => {
    const upper = { version: 1, sha256Hash: HASH.toUpperCase() };
    expect((await answerOf(persisted(upper, COMPANY))).data).toBeTruthy();
    expect((await answerOf(persisted(upper))).data).toBeTruthy();
    expect((await answerOf(persisted({ version: 1, sha256Hash: HASH }))).data).toBeTruthy();
  });
});

describe('an operation that is not a query', () => {
  it.each([
    'mutation { x }',
    'subscription { x }',
    'mutation { __typename }',
    'query A { __typename } mutation B { x }',
  ])('(%s) is invalid', async (query) => {
    const { status, code, message } = await answerOf({
      query,
      operationName: query.includes('A') ? 'A' : undefined,
    });
    expect([status, code]).toEqual([200, 'GRAPHQL_VALIDATION_FAILED']);
    expect(message).toMatch(/^The schema has no (mutations|subscriptions): send a query\.$/);
  });
});

describe('a request', () => {
  it.each([
    ['lists', `{ companies(searchKeys: ${'["]",'.repeat(3000)}`],
    [
      'types',
      `query ($x: ${'['.repeat(3000)}String${']'.repeat(3000)}) { companies(searchKeys: $x) { keyNo } }`,
    ],
    ['selections', '{ company(searchKey: "ab") '.repeat(3000)],
  ])('whose %s are nested thousands deep is a bad request', async (_, query) => {
    expect(await answerOf({ query })).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
  });

  it('may have brackets in its strings and comments', async () => {
    const brackets = '('.repeat(300);
    const query = `# ${brackets}\n{ a: company(searchKey: """ab ${brackets} \\""" [""") { keyNo } b: company(searchKey: "\\"ab${'[('.repeat(99)}") { keyNo } }`;
    expect((await answerOf({ query })).code).not.toBe('BAD_REQUEST');
  });

  it('with variables that are nested thousands deep is refused', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const body = `{"query":"{ __typename }","variables":{"x":${deep}}}`;
    const response = await setup.post({}, { body });
    const { errors } = await jsonOf(response);
    expect([response.status, errors[0].extensions.code]).toEqual([400, 'BAD_REQUEST']);
    expect(errors[0].message).toMatch(/not be nested more than 200 levels deep/);
  });

  const names = fc.constantFrom(
    'query',
    'variables',
    'operationName',
    'extensions',
    'persistedQuery',
    'constructor',
  );
  const oddValue = fc.oneof(
    fc.constantFrom(null, '', [], {}, 0, -0, 1e300, '__proto__', 'toString', true, [[]], {
      kind: 'Document',
    }),
    fc.constantFrom(
      { persistedQuery: {} },
      { persistedQuery: [] },
      { persistedQuery: { version: 1, sha256Hash: HASH } },
    ),
    fc.jsonValue({ maxDepth: 2 }),
    fc.dictionary(fc.constantFrom('x', 'y', 'toString', 'constructor'), fc.jsonValue({ maxDepth: 1 })),
  );
  const document = fc.oneof(
    fc.constantFrom(
      COMPANY,
      '# nothing',
      ' ',
      'fragment F on Query { __typename }',
      'fragment F on Query { ...F } { ...F }',
      'fragment F on Nothing { x } { ...F ...G }',
      '{ __typename @nothing @skip @include(if: 1) }',
      '{ __proto__ constructor toString }',
      'query ($x: Int!, $y: [_Any!]!) { _entities(representations: $y) { __typename } }',
      'query ($x: [String!]!) { companies(searchKeys: $x) { searchKey } }',
      'query ($x: Boolean!) { __typename @skip(if: $x) }',
      'query ($x: UsageGroup, $y: DateTime) { usage(groupBy: $x, from: $y) { total { calls } } }',
      'query ($x: Int = 99999999999) { company(searchKey: "ab") { endCases(first: $x) { totalCount } } }',
      'query ($x: Company) { company(searchKey: $x) { keyNo } }',
      'query A { __typename } query B { __typename }',
      'mutation { x }',
      'type Query { x: Int }',
      '{ ... @defer { __typename } }',
      '{ company(searchKey: "\\ud800") { searchKey } }',
      '{ endCase(id: 1e400) { id } }',
    ),
    fc.string(),
  );
  const body = fc.record(
    {
      query: fc.oneof(document, oddValue),
      operationName: oddValue,
      variables: oddValue,
      extensions: oddValue,
    },
    { requiredKeys: ['query'] },
  );
  const text = fc.oneof(
    body.map((value) => JSON.stringify(value)),
    fc.jsonValue().map((value) => JSON.stringify(value)),
    fc
      .tuple(names, fc.constantFrom('1e400', '-0', '{"__proto__":{}}', '"\\ud800"', '12345678901234567890'))
      .map(([name, value]) => `{"query":"{ __typename }","${name}":${value}}`),
  );
  const url = fc
    .dictionary(
      names,
      fc.oneof(
        document,
        oddValue.map((value) => JSON.stringify(value)),
        fc.string(),
      ),
    )
    .map((parameters) => `?${new URLSearchParams(parameters)}`);

  it('is never an internal error, whatever it holds, and is never billed for nothing', async () => {
    const check = async (response: Response) => {
      const { errors = [], extensions } = await jsonOf(response);
      for (const { extensions, message } of errors) {
        expect([extensions.code, message.length > 600]).not.toEqual([
          'INTERNAL_SERVER_ERROR',
          expect.anything(),
        ]);
        expect(message.length).toBeLessThan(600);
      }
      expect(extensions.cost.billed).toBe(0);
      expect(response.status).toBeLessThan(500);
    };
    await fc.assert(
      fc.asyncProperty(text, async (body) => check(await setup.post({}, { body }))),
      { numRuns: propertyRuns(300, 100) },
    );
    await fc.assert(
      fc.asyncProperty(url, async (search) =>
        check(await fetch(setup.url + search, { headers: PREFLIGHTED })),
      ),
      { numRuns: propertyRuns(200, 70) },
    );
    expect(setup.sandbox.statistics.total.calls).toBe(0);
  });
});
