import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApolloServerErrorCode } from '@apollo/server/errors';
import { Kind, parse } from 'graphql';
import { PRICE_VARIABLES } from '../../../src/config/prices.js';
import { variables } from '../../../src/config/variables.js';
import { TRANSMISSION_CODES } from '../../../src/qcc/error.js';
import { type StatusRule, statuses, statusRule } from '../../../src/qcc/statuses.js';
import { jsonOf, startTestGateway, type TestGateway } from '../../support/gateway.js';

const ROOT = join(__dirname, '..', '..', '..');
const SOURCE = join(ROOT, 'src');
const DOCUMENT = readFileSync(join(ROOT, 'docs', 'errors.md'), 'utf8');

/** The cells of all table rows whose first cell matches. */
function rowsOf(first: RegExp): string[][] {
  return DOCUMENT.split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
    .filter(([cell = '']) => first.test(cell));
}

interface Documented {
  readonly http: readonly number[];
  readonly retryable: string;
}

const codes = new Map(
  rowsOf(/^`[A-Z_]+`$/).map(([code = '', http = '', retryable = '']): [string, Documented] => [
    code.slice(1, -1),
    { http: [...http.matchAll(/\d{3}/g)].map(Number), retryable },
  ]),
);

/** Quoted words in capitals that no response carries. A new word is either a code, and documented, or listed here. */
const NOT_CODES = new Set(['BAD_INVOICE', 'ENOTDIR', 'ENOENT']);
/** Files whose words in capitals never reach a GraphQL response: commands, the sandbox, commands of Redis. */
const NOT_SEARCHED = /^(main|commands|sandbox|store\/redis)/;
const enumValues = () =>
  parse(readFileSync(join(ROOT, 'schema', 'schema.graphql'), 'utf8')).definitions.flatMap((definition) =>
    definition.kind === Kind.ENUM_TYPE_DEFINITION
      ? (definition.values ?? []).map(({ name }) => name.value)
      : [],
  );

/** The words of the source that may be codes: whole words in capitals, in quotes. */
function codesInSource(): Set<string> {
  const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !NOT_SEARCHED.test(name),
  );
  const texts = files.map((name) => readFileSync(join(SOURCE, name), 'utf8'));
  const words = texts.flatMap((text) =>
    [...text.matchAll(/'([A-Z][A-Z_]{6,})'/g)].map(([, word = '']) => word),
  );
  const settings = [...Object.keys(variables.shape), ...PRICE_VARIABLES];
  const others = new Set([...enumValues(), ...settings, ...NOT_CODES]);
  return new Set(words.filter((word) => !others.has(word)));
}

const yesNo = (value: boolean | null | undefined) => (value === null ? 'unknown' : value ? 'yes' : 'no');
const retryableOf = ({ code, retryable }: StatusRule) => (code === null ? '' : yesNo(retryable ?? false));

describe('docs/errors.md', () => {
  it('lists every code that the gateway can answer with, and no other', () => {
    const known = new Set([...codesInSource(), ...Object.values(ApolloServerErrorCode)]);
    expect([...codes.keys()].sort()).toEqual([...known].sort());
  });

  it('lists every status of QCC with its code, whether it is billed and whether a retry makes sense', () => {
    const documented = rowsOf(/^\d{3}$/).map(([status, , billed, code, retryable]) => [
      status,
      billed,
      code,
      retryable,
    ]);
    const known = Object.entries(statuses).map(([status, rule]) => [
      status,
      yesNo(rule.billed),
      rule.code === null ? 'none: data' : `\`${rule.code}\``,
      retryableOf(rule),
    ]);
    expect(new Map(documented.map((row) => [row[0], row]))).toEqual(
      new Map(known.map((row) => [row[0], row])),
    );
    const [other] = rowsOf(/^any other$/);
    const rule = statusRule('999');
    expect(other?.slice(2, 5)).toEqual([yesNo(rule.billed), `\`${rule.code}\``, retryableOf(rule)]);
  });

  it('says of each code of a status whether a retry makes sense', () => {
    const byCode = new Map<string, Set<string>>();
    for (const rule of [...Object.values(statuses), statusRule('999')]) {
      if (rule.code === null) continue;
      byCode.set(rule.code, (byCode.get(rule.code) ?? new Set()).add(retryableOf(rule)));
    }
    for (const code of TRANSMISSION_CODES) byCode.set(code, new Set(['yes']));
    for (const [code, answers] of byCode) {
      const [one = ''] = answers;
      expect([code, codes.get(code)?.retryable]).toEqual([code, answers.size === 1 ? one : 'by status']);
    }
    expect(byCode.size).toBeGreaterThan(10);
  });
});

const KEY = 'key-of-a-reader-without-scopes';
const CHEAP = '{ company(searchKey: "sandbox:rows:2") { searchKey } }';
const bearer = { authorization: `Bearer ${KEY}` };
const detailsOf = (first: number) =>
  `{ company(searchKey: "sandbox:rows:300") { endCases(first: ${first}) { nodes { detail { certificateNo } } } } }`;
const flagOf = (card: string) => `{ company(searchKey: "${card}") { hasEndCases } }`;
const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const persisted = { extensions: { persistedQuery: { version: 1, sha256Hash: hash('unknown') } } };

type Provoked = [code: string, body: object, headers?: Record<string, string>];

/** A gateway, its environment, and requests that it answers with these codes. */
const PROVOKED: [title: string, env: Record<string, string>, requests: Provoked[]][] = [
  [
    'without authentication',
    { QCC_TIMEOUT: '300ms', MAX_CALLS_PER_OPERATION: '20' },
    [
      ['BAD_USER_INPUT', { query: flagOf('x') }],
      ['GRAPHQL_PARSE_FAILED', { query: '{' }],
      ['GRAPHQL_VALIDATION_FAILED', { query: '{ nothing }' }],
      ['OPERATION_RESOLUTION_FAILURE', { query: 'query A { __typename } query B { __typename }' }],
      ['PERSISTED_QUERY_NOT_FOUND', persisted],
      ['BAD_REQUEST', [{ query: CHEAP }]],
      ['DRY_RUN', { query: CHEAP }, { 'x-cost-dry-run': '1' }],
      ['COST_LIMIT_EXCEEDED', { query: detailsOf(100) }],
      [
        'UPSTREAM_LIMIT_EXCEEDED',
        { query: '{ company(searchKey: "sandbox:rows:9") { endCases(offset: 5000) { totalCount } } }' },
      ],
      ['UPSTREAM_TIMEOUT', { query: flagOf('sandbox:hang') }],
      ['UPSTREAM_UNREACHABLE', { query: flagOf('sandbox:reset') }],
      ['UPSTREAM_BAD_RESPONSE', { query: flagOf('sandbox:html') }],
      [
        'UPSTREAM_DATA_INVALID',
        {
          query: '{ company(searchKey: "sandbox:odd-values") { endCases { nodes { enforcementAmount } } } }',
        },
      ],
    ],
  ],
  [
    'with API keys and a spent budget',
    { AUTH_API_KEYS: `reader:${hash(KEY)}`, PERSISTED_OPERATIONS: 'off', BUDGET_PER_DAY: '0' },
    [
      ['UNAUTHENTICATED', { query: CHEAP }],
      ['FORBIDDEN', { query: '{ usage { total { calls } } }' }, bearer],
      ['PERSISTED_QUERY_NOT_SUPPORTED', persisted, bearer],
      ['BUDGET_EXCEEDED', { query: flagOf('sandbox:rows:2') }, bearer],
    ],
  ],
];

describe.each(PROVOKED)('a gateway %s answers as docs/errors.md says', (_, env, requests) => {
  let setup: TestGateway;
  beforeAll(async () => {
    setup = await startTestGateway({ env });
  });
  afterAll(() => setup.close());

  it.each(requests)('with %s', async (code, body, headers = {}) => {
    await expectDocumented(code, await setup.post(body, { headers }));
  });
});

it('a gateway with a rate limit answers as docs/errors.md says', async () => {
  const setup = await startTestGateway({ env: { RATE_LIMIT_PER_CLIENT: '1/1h' } });
  try {
    await setup.post({ query: CHEAP });
    await expectDocumented('RATE_LIMITED', await setup.post({ query: CHEAP }));
  } finally {
    await setup.close();
  }
});

async function expectDocumented(code: string, response: Response): Promise<void> {
  const { errors } = await jsonOf(response);
  const { extensions } = errors[0];
  const documented = codes.get(code);
  expect([extensions.code, yesNo(extensions.retryable)]).toEqual([code, documented?.retryable]);
  expect(documented?.http).toContain(response.status);
}
