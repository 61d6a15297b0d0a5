import { jsonOf, startTestGateway, type TestGateway } from '../../support/gateway.js';

const repeated = (count: number, one: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => one(index)).join(' ');
const list = <T>(count: number, one: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => one(index));
const ALL = 'query ($k: [String!]!)';

let setup: TestGateway;
beforeAll(async () => {
  setup = await startTestGateway();
});
afterAll(() => setup.close());

describe('an operation whose fields fail', () => {
  it('lists 1,000 errors, and says in the last how many more there are', async () => {
    const query = `${ALL} { ${repeated(80, (at) => `a${at}: companies(searchKeys: $k) { searchKey }`)} }`;
    const { data, errors, extensions } = await setup.query(query, { k: list(50, () => 'x') });
    expect(Object.values(data).flat()).toEqual(Array(4000).fill(null));
    expect(errors).toHaveLength(1001);
    expect(errors?.[0]?.path).toEqual(['a0', 0]);
    expect(errors?.at(-1)).toEqual({
      message: '3000 more fields failed and are null. The response lists only the first 1000 errors.',
      extensions: { code: 'BAD_USER_INPUT', omitted: 3000, retryable: false },
    });
    expect(extensions.cost.billed).toBe(0);
  });

  it('limits the errors of wrong arguments', async () => {
    const query = `${ALL} { companies(searchKeys: $k) { ${repeated(20, (at) => `a${at}: endCases(first: 101) { totalCount }`)} } }`;
    const { data, errors } = await setup.query(query, { k: list(100, (at) => `sandbox:rows:${at}`) });
    expect(data.companies[99].a19).toBeNull();
    expect([errors?.length, errors?.at(-1)?.extensions.omitted]).toEqual([1001, 1000]);
  });

  it('limits the errors of rows that are no case', async () => {
    const field = (at: number) => `a${at}: companies(searchKeys: $k) { endCases(first: 5) { nodes { id } } }`;
    const { errors } = await setup.query(`${ALL} { ${repeated(11, field)} }`, {
      k: list(100, () => 'sandbox:no-id'),
    });
    expect(errors).toHaveLength(1001);
    expect(errors?.[0]?.extensions.row).toBe(2);
    expect(errors?.at(-1)?.extensions).toEqual({
      code: 'UPSTREAM_DATA_INVALID',
      omitted: 100,
      retryable: false,
    });
  });

  it('lists all errors of 1,000 representations', async () => {
    const { errors } = await setup.query(
      'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }',
      { r: list(1000, () => ({ __typename: 'Company', searchKey: 'x' })) },
    );
    expect([errors?.length, errors?.at(-1)?.path]).toEqual([1000, ['_entities', 999]]);
  });
});

describe('equal fields under other aliases', () => {
  it('have equal cases and share what is bought', async () => {
    const { data, extensions } = await setup.query(
      `{ company(searchKey: "sandbox:rows:45") { ${repeated(20, (at) => `a${at}: endCases(first: 3) { nodes { id } }`)} other: endCases(offset: 3, first: 3) { nodes { id } } } }`,
    );
    const { other, ...equal } = data.company;
    expect(new Set(Object.values(equal).map((one) => JSON.stringify(one))).size).toBe(1);
    expect(other).not.toEqual(equal.a0);
    expect(extensions.cost).toMatchObject({ billed: 1, calls: { GetList: 1 } });
  });

  it('share one plan, although they take several turns of the event loop', async () => {
    const { extensions } = await setup.query(
      `${ALL} { far: companies(searchKeys: $k) { ${repeated(10, (at) => `a${at}: endCases(offset: ${40 + at}, first: 1) { totalCount nodes { id } }`)} } near: companies(searchKeys: $k) { hasEndCases } }`,
      { k: list(100, (at) => `sandbox:rows:${at + 300}`) },
    );
    expect(extensions.cost.billed).toBe(100);
  });

  it('buy each company once, however often its key is repeated', async () => {
    const before = setup.sandbox.statistics.total.calls;
    const fields = repeated(100, (at) => `a${at}: companies(searchKeys: $k) { hasEndCases }`);
    const { data, errors, extensions } = await setup.query(`${ALL} { ${fields} }`, {
      k: list(100, (at) => `另一家公司${at % 50}`),
    });
    expect(errors).toBeUndefined();
    expect(Object.keys(data)).toHaveLength(100);
    expect(extensions.cost.billed).toBe(50);
    expect(setup.sandbox.statistics.total.calls - before).toBe(50);
  });
});

describe('a request that would take long to read', () => {
  const cases: [string, string, RegExp, RegExp][] = [
    [
      'variables nested 100,000 levels deep',
      `{"query":"{ __typename }","variables":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`,
      /BAD_REQUEST/,
      /body must not be nested more than 200 levels/,
    ],
    [
      'a document of 6,000 lines',
      JSON.stringify({ query: `${'\n'.repeat(6000)}{ __typename }` }),
      /BAD_REQUEST/,
      /more than 5000 lines/,
    ],
    [
      'an alias of 300 characters',
      JSON.stringify({ query: `{ ${'a'.repeat(300)}: __typename }` }),
      /GRAPHQL_VALIDATION_FAILED/,
      /^The document has an alias of more than 200 characters\.$/,
    ],
    [
      'a field whose name has 900,000 characters',
      JSON.stringify({ query: `{ ${'a'.repeat(900_000)} }` }),
      /GRAPHQL_VALIDATION_FAILED/,
      /^The document has a name of more than 10000 characters\.$/,
    ],
    [
      'a list of 60,000 keys',
      JSON.stringify({
        query: `${ALL} { companies(searchKeys: $k) { searchKey } }`,
        variables: { k: list(60_000, () => 'x') },
      }),
      /BAD_USER_INPUT/,
      /\$k must have at most 50000 items/,
    ],
    [
      'a list of 49,000 numbers',
      JSON.stringify({
        query: `${ALL} { companies(searchKeys: $k) { searchKey } }`,
        variables: { k: list(49_000, () => 1) },
      }),
      /BAD_USER_INPUT/,
      /\$k\[0\] must be a string/,
    ],
  ];
  it.each(cases)('is refused: %s', async (_, body, code, message) => {
    const response = await setup.post({}, { body });
    const { errors, extensions } = await jsonOf(response);
    expect(errors[0].message).toMatch(message);
    expect(errors[0].extensions.code).toMatch(code);
    expect(errors.length).toBeLessThanOrEqual(10);
    expect(extensions.cost.billed).toBe(0);
  });

  it('may have brackets in its strings', async () => {
    const { errors } = await setup.query('query ($k: String!) { company(searchKey: $k) { searchKey } }', {
      k: `ab${'['.repeat(198)}`,
    });
    expect(errors).toBeUndefined();
  });

  it.each([
    [
      'cursor',
      'query ($a: String) { company(searchKey: "sandbox:rows:3") { endCases(after: $a) { totalCount } } }',
      /not a cursor/,
    ],
    ['search key', 'query ($a: String!) { company(searchKey: $a) { searchKey } }', /searchKey is too long/],
    ['id', 'query ($a: ID!) { endCase(id: $a) { caseNo } }', /id of a case/],
  ])('is refused without an echo of it: a %s of 800 KB', async (_, query, message) => {
    const response = await setup.post({ query, variables: { a: 'MSA'.repeat(266_000) } });
    const text = await response.text();
    expect(JSON.parse(text).errors[0].message).toMatch(message);
    expect(text.length).toBeLessThan(1000);
  });
});

it('an operation name of 900,000 characters is kept up to 200', async () => {
  const query = `query ${'x'.repeat(900_000)} { company(searchKey: "sandbox:rows:3") { hasEndCases } }`;
  expect((await setup.query(query)).errors).toBeUndefined();
  const { data } = await setup.query('{ usage(groupBy: OPERATION) { groups { key } } }');
  const keys: string[] = data.usage.groups.map(({ key }: { key: string }) => key);
  expect(keys).toContain('x'.repeat(200));
  expect(Math.max(...keys.map(({ length }) => length))).toBe(200);
});
