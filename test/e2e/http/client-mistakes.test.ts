import { createHash } from 'node:crypto';
import { jsonOf, startTestGateway, type TestGateway } from '../../support/gateway.js';

const SECRET = 'a-secret-that-no-message-repeats';
const KEY = 'key-of-the-test-of-mistakes';

interface Mistake {
  readonly query: string;
  readonly variables?: object;
  readonly operationName?: string;
}

const usage = (variable: string, argument: string) =>
  `query (${variable}) { usage(${argument}) { total { calls } } }`;
const KEYS = 'query ($keys: [String!]!) { companies(searchKeys: $keys) { searchKey } }';

/** Typical mistakes in a document or in its variables, and what the message about them says. */
const MISTAKES: [title: string, mistake: Mistake, message: string][] = [
  ['an unused variable', { query: 'query ($x: Int) { __typename }' }, 'Variable "$x" is never used.'],
  [
    'a variable of another type than its argument',
    { query: 'query ($x: Int) { company(searchKey: $x) { keyNo } }', variables: { x: 1 } },
    'Variable "$x" of type "Int" used in position expecting type "String!".',
  ],
  [
    'a variable without a value',
    { query: KEYS },
    'Variable $keys has no value: the type of $keys is [String!]!.',
  ],
  [
    'a wrong item of a list',
    { query: KEYS, variables: { keys: ['ab', 'cd', { secret: SECRET }] } },
    'Variable $keys[2] must be a string: the type of $keys is [String!]!.',
  ],
  [
    'null in a list',
    { query: KEYS, variables: { keys: [null] } },
    'Variable $keys[0] must not be null: the type of $keys is [String!]!.',
  ],
  [
    'a wrong value of an enum',
    { query: usage('$by: UsageGroup', 'groupBy: $by'), variables: { by: SECRET } },
    'Variable $by must be one of DAY, CLIENT, METHOD, OPERATION, STATUS: the type of $by is UsageGroup.',
  ],
  [
    'a wrong date',
    { query: usage('$from: DateTime', 'from: $from'), variables: { from: SECRET } },
    'Variable $from must be a string with a date and time of RFC 3339, such as "2026-01-31T08:00:00+08:00": the type of $from is DateTime.',
  ],
  [
    'a wrong date in the document',
    { query: usage('$to: DateTime', `from: "${SECRET}", to: $to`) },
    'This value must be a string with a date and time of RFC 3339, such as "2026-01-31T08:00:00+08:00": its type is DateTime.',
  ],
  [
    'a wrong value of an enum in the document',
    { query: '{ usage(groupBy: WEEK) { total { calls } } }' },
    'This value must be one of DAY, CLIENT, METHOD, OPERATION, STATUS: its type is UsageGroup.',
  ],
  [
    'null for an argument that needs a value',
    { query: '{ companies(searchKeys: ["ab", null]) { keyNo } }' },
    'This value must not be null: its type is String!.',
  ],
  [
    'an unknown operation',
    { query: 'query A { __typename }', operationName: SECRET },
    'operationName must be the name of an operation in the document. Only a document with one operation may be sent without it.',
  ],
  [
    'typographic quotation marks',
    { query: '{ company(searchKey: “ab”) { keyNo } }' },
    'Syntax Error: Unexpected character: U+201C. A string needs straight double quotes (").',
  ],
  [
    'a bracket that is not closed',
    { query: '{ company(searchKey: "ab") { keyNo }' },
    'Syntax Error: Expected Name, found <EOF>. The document ends too early: look for a bracket that is not closed.',
  ],
  [
    'an unknown field',
    { query: '{ company(searchKey: "ab") { address } }' },
    'Cannot query field "address" on type "Company". It has: searchKey, searchKeyKind, keyNo, creditCode, hasEndCases, endCases.',
  ],
  [
    'an unknown argument',
    { query: '{ endCase(id: "ab", text: "ab") { caseNo } }' },
    'Unknown argument "text" on field "Query.endCase". It has: id.',
  ],
  [
    'an argument of a field without any',
    { query: '{ endCase(id: "ab") { court(of: "ab") } }' },
    'Unknown argument "of" on field "EndCase.court". It has none.',
  ],
  [
    'a variable that is not declared',
    { query: '{ company(searchKey: $key) { keyNo } }' },
    'Variable "$key" is not defined. Declare it with its type at the start of the operation, as in query ($searchKey: String!).',
  ],
];

describe('the message about', () => {
  let setup: TestGateway;
  beforeAll(async () => {
    setup = await startTestGateway();
  });
  afterAll(() => setup.close());

  it.each(MISTAKES)('%s says what is wrong and what would be right', async (_, mistake, message) => {
    const { errors } = await jsonOf(await setup.post(mistake));
    expect(errors[0].message).toBe(message);
    expect(JSON.stringify(errors)).not.toContain(SECRET);
  });

  it('many wrong values names the first ten, and a long name is cut', async () => {
    const many = await setup.query(KEYS, { keys: Array.from({ length: 10_000 }, () => 1) });
    expect(many.errors).toHaveLength(10);
    const long = await setup.query(`{ ${'f'.repeat(9000)} }`);
    expect(long.errors?.[0]?.message).toHaveLength(501);
  });
});

it('introspection that is off names the variable INTROSPECTION, and no message names what the schema has', async () => {
  const setup = await startTestGateway({
    env: { INTROSPECTION: 'off', AUTH_API_KEYS: `one:${createHash('sha256').update(KEY).digest('hex')}` },
  });
  const messageOf = async (body: Mistake) =>
    (await jsonOf(await setup.post(body, { headers: { authorization: `Bearer ${KEY}` } }))).errors[0].message;
  const introspected = await messageOf({ query: '{ __schema { queryType { name } } }' });
  expect(introspected).toMatch(/INTROSPECTION=off/);
  expect(introspected).not.toMatch(/Apollo/);
  for (const body of [
    { query: usage('$by: UsageGroup', 'groupBy: $by'), variables: { by: 'WEEK' } },
    { query: '{ usage(groupBy: WEEK) { total { calls } } }' },
  ]) {
    expect(await messageOf(body)).toMatch(/a value of UsageGroup/);
    expect(await messageOf(body)).not.toMatch(/CLIENT/);
  }
  await setup.close();
});
