import { startTestGateway, type TestGateway } from '../../support/gateway.js';

const rows = (count: number, directive = '') =>
  `company(searchKey: "sandbox:rows:100") ${directive} { endCases(first: ${count}) { nodes { id court } } }`;
const aliases = (count: number, field: string) =>
  Array.from({ length: count }, (_, index) => `a${index}: ${field}`).join(' ');
const one = (fields: string) => `{ company(searchKey: "某公司") { endCases(first: 100) { ${fields} } } }`;

describe('the field values of a result', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    const env = { MAX_RESULT_FIELDS: '1000', MAX_CALLS_PER_OPERATION: '1000000' };
    gateway = await startTestGateway({ env });
  });
  afterAll(() => gateway.close());

  const keys = JSON.stringify(Array.from({ length: 100 }, () => 'sandbox:rows:100'));

  // Each object counts with the fields selected on it: of 5 companies, 5 × (1 + 1 + 1 + 100 × 2).
  it.each([
    ['aliases of lists', `{ ${aliases(5, rows(100))} }`, 1015],
    [
      'equal keys of a batch',
      `{ companies(searchKeys: ${keys}) { endCases(first: 5) { nodes { id court } } } }`,
      1201,
    ],
    [
      'nodes and edges',
      one(
        'nodes { id court } edges { cursor node { id caseNo court endDate filingDate detail { id court } } }',
      ),
      1204,
    ],
    ['aliases of __typename', one(`nodes { ${aliases(11, '__typename')} }`), 1103],
    ['a fragment', `${one('nodes { ...f }')} fragment f on EndCase { ${aliases(10, 'court')} }`, 1003],
  ])('are counted before anything is bought: %s', async (_what, query, fields) => {
    const { data, errors, extensions } = await gateway.query(query);
    expect([data, errors?.[0]?.extensions]).toEqual([
      null,
      { code: 'RESULT_TOO_LARGE', retryable: false, fields, limit: 1000 },
    ]);
    expect([extensions.cost.billed, gateway.sandbox.statistics.total.calls]).toEqual([0, 0]);
  });

  it('count for representations too', async () => {
    const representation = { __typename: 'Company', searchKey: 'sandbox:rows:100' };
    const { errors } = await gateway.query(
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Company { endCases(first: 5) { nodes { id court } } } } }',
      { r: Array.from({ length: 100 }, () => representation) },
    );
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'RESULT_TOO_LARGE', limit: 1000 });
  });

  it('may be as many as the limit, and do not count where @include leaves them out', async () => {
    const { data, errors } = await gateway.query(
      `query ($no: Boolean!) { ${aliases(4, rows(100))} more: ${rows(100, '@include(if: $no)')} }`,
      { no: false },
    );
    expect(errors).toBeUndefined();
    expect(data.a3.endCases.nodes).toHaveLength(100);
  });
});
