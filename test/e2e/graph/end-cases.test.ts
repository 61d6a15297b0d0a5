import { startTestGateway, type TestGateway } from '../../support/gateway.js';

const SAMPLE = '浙江省临海标准件工业公司';
const KEY_NO = '7629d57f18b20b1927ea4ee5366bfde3';

let setup: TestGateway;
beforeAll(async () => {
  // Without a cache, the number of calls shows what each query needs.
  setup = await startTestGateway({
    env: { CACHE_LIST_TTL: '0', CACHE_DETAIL_TTL: '0', CACHE_EMPTY_TTL: '0' },
  });
});
afterAll(() => setup.close());
beforeEach(() => setup.sandbox.statistics.reset());

const calls = () => {
  const { GetList, GetDetail } = setup.sandbox.statistics;
  return [GetList.calls, GetDetail.calls];
};

/** Selects under the sample company. */
const ofSample = async (selection: string) => {
  const { data, errors } = await setup.query(
    `query($key: String!) { company(searchKey: $key) { ${selection} } }`,
    { key: SAMPLE },
  );
  return { company: data.company, errors };
};

describe('a company', () => {
  it('gives its cases with their details: one list page and one detail each', async () => {
    const { company, errors } = await ofSample(`
      endCases(first: 20) { totalCount pageInfo { hasNextPage endCursor }
        nodes { caseNo court filingDate endDate enforcementAmount unperformedAmount
          detail { certificateNo judgmentDebtor { keyNo name } } } }`);
    expect(errors).toBeUndefined();
    expect(company.endCases.totalCount).toBe(99);
    expect(company.endCases.pageInfo).toEqual({ hasNextPage: true, endCursor: expect.any(String) });
    expect(company.endCases.nodes).toHaveLength(20);
    expect(company.endCases.nodes[0]).toEqual({
      caseNo: '(2018)浙1082执2303号',
      court: '临海市人民法院',
      filingDate: '2018-07-03',
      endDate: '2019-07-25',
      enforcementAmount: '1000000',
      unperformedAmount: '562781',
      detail: { certificateNo: '14796919-0', judgmentDebtor: { keyNo: KEY_NO, name: SAMPLE } },
    });
    expect(calls()).toEqual([1, 20]);
  });

  it('costs one call if only fields that the rows hold are selected of the details, in any notation', async () => {
    const { data, errors } = await setup.query(
      `query($key: String!) { company(searchKey: $key) { endCases(first: 20) { nodes { detail {
        ...onRow certificateNo @include(if: false)
        ... on EndCaseDetail { amount: enforcementAmount ... @skip(if: true) { judgmentDebtor { name } } } } } } } }
      fragment onRow on EndCaseDetail { __typename id caseNo court filingDate endDate unperformedAmount }`,
      { key: SAMPLE },
    );
    expect(errors).toBeUndefined();
    expect(data.company.endCases.nodes[1].detail).toMatchObject({ caseNo: '(2019)浙1082执1025号' });
    expect(calls()).toEqual([1, 0]);
  });

  it('costs nothing until a field is selected that must be bought', async () => {
    const { company } = await ofSample(
      'searchKey searchKeyKind keyNo creditCode endCases(first: 0) { nodes { id } }',
    );
    expect(company).toEqual({
      searchKey: SAMPLE,
      searchKeyKind: 'NAME',
      keyNo: null,
      creditCode: null,
      endCases: { nodes: [] },
    });
    expect(calls()).toEqual([0, 0]);
  });

  it('shares one page between windows, counts, aliases and hasEndCases', async () => {
    const { company } = await ofSample(`hasEndCases a: endCases(first: 3) { nodes { id } }
      b: endCases(offset: 2, first: 2) { edges { cursor node { id } } totalCount } again: hasEndCases`);
    expect(company.hasEndCases).toBe(true);
    expect(company.b.edges[0].node.id).toBe(company.a.nodes[2].id);
    expect(calls()).toEqual([1, 0]);
  });

  it('buys each answer once, even if one request asks for the company several times', async () => {
    const { data } = await setup.query(
      `{ companies(searchKeys: ["${SAMPLE}", "${SAMPLE}"]) { endCases(first: 2) { nodes {
          a: detail { certificateNo } b: detail { judgmentDebtor { company { searchKey hasEndCases } } } } } } }`,
    );
    const [first, second] = data.companies;
    expect(first).toEqual(second);
    expect(first.endCases.nodes[0].b.judgmentDebtor.company).toEqual({
      searchKey: KEY_NO,
      hasEndCases: true,
    });
    expect(calls()).toEqual([2, 2]);
  });

  it('without cases has an empty connection', async () => {
    const { data } = await setup.query(
      '{ company(searchKey: "sandbox:rows:0") { hasEndCases endCases { totalCount nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }',
    );
    expect(data.company).toEqual({
      hasEndCases: false,
      endCases: {
        totalCount: 0,
        nodes: [],
        pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
      },
    });
    expect(calls()).toEqual([1, 0]);
  });

  it('lists its cases forwards and backwards by cursors, over several requests', async () => {
    const page = (args: string) =>
      ofSample(
        `endCases(${args}) { nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }`,
      ).then(({ company }) => company.endCases);
    const ids: string[] = [];
    for (let after = 'null', more = true; more; ) {
      const { nodes, pageInfo } = await page(`first: 40, after: ${after}`);
      ids.push(...nodes.map(({ id }: { id: string }) => id));
      after = JSON.stringify(pageInfo.endCursor);
      more = pageInfo.hasNextPage;
    }
    expect(new Set(ids).size).toBe(99);
    const tail = await page('last: 5');
    expect(tail.nodes.map(({ id }: { id: string }) => id)).toEqual(ids.slice(-5));
    expect(tail.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    const before = await page(`last: 5, before: "${tail.pageInfo.startCursor}"`);
    expect(before.nodes.map(({ id }: { id: string }) => id)).toEqual(ids.slice(-10, -5));
  });
});

describe('a case by its id', () => {
  const ID = '68d0c45d6ce6115c340e31674b45cd62';

  it('costs nothing if only its id is selected, and one detail otherwise', async () => {
    expect((await setup.query(`{ endCase(id: "${ID}") { __typename id } }`)).data.endCase).toEqual({
      __typename: 'EndCase',
      id: ID,
    });
    expect(calls()).toEqual([0, 0]);
    const { data } = await setup.query(
      `{ endCase(id: "${ID}") { court detail { certificateNo judgmentDebtor { company { searchKey } } } } }`,
    );
    expect(data.endCase).toEqual({
      court: '临海市人民法院',
      detail: { certificateNo: '14796919-0', judgmentDebtor: { company: { searchKey: KEY_NO } } },
    });
    expect(calls()).toEqual([0, 1]);
  });

  it('is null if QCC knows no such case', async () => {
    const { data, errors } = await setup.query('{ endCase(id: "unknown") { court } }');
    expect([data.endCase, errors]).toEqual([null, undefined]);
  });
});

describe('bad input', () => {
  it.each([
    ['company(searchKey: "中") { hasEndCases }', ['company']],
    ['company(searchKey: "91330100799655058C") { hasEndCases }', ['company']],
    ['company(searchKey: "p629d57f18b20b1927ea4ee5366bfde3") { hasEndCases }', ['company']],
    [`company(searchKey: "${SAMPLE}") { endCases(first: 101) { totalCount } }`, ['company', 'endCases']],
    [
      `company(searchKey: "${SAMPLE}") { endCases(first: 1, last: 1) { totalCount } }`,
      ['company', 'endCases'],
    ],
    [`company(searchKey: "${SAMPLE}") { endCases(after: "") { totalCount } }`, ['company', 'endCases']],
    ['companies(searchKeys: []) { searchKey }', ['companies']],
    ['endCase(id: " ") { court }', ['endCase']],
  ])('%s is refused with BAD_USER_INPUT and no call', async (selection, path) => {
    const { errors } = await setup.query(`{ ${selection} }`);
    expect(errors).toEqual([
      expect.objectContaining({ path, extensions: { code: 'BAD_USER_INPUT', retryable: false } }),
    ]);
    expect(calls()).toEqual([0, 0]);
  });

  it('past row 5,000 is refused without a call', async () => {
    const { company, errors } = await ofSample('endCases(offset: 5000) { nodes { id } }');
    expect(company.endCases).toBeNull();
    expect(errors?.[0]?.extensions).toEqual({ code: 'UPSTREAM_LIMIT_EXCEEDED', retryable: false });
    expect(calls()).toEqual([0, 0]);
  });

  it('among several search keys makes only its own item null', async () => {
    const { data, errors } = await setup.query(
      `{ companies(searchKeys: ["${SAMPLE}", "x", "${KEY_NO}"]) { searchKeyKind } }`,
    );
    expect(data.companies).toEqual([{ searchKeyKind: 'NAME' }, null, { searchKeyKind: 'KEY_NO' }]);
    expect(errors).toHaveLength(1);
    expect(errors?.[0]?.path).toEqual(['companies', 1]);
  });

  it('in a variable is reported without its value', async () => {
    const { errors } = await setup.query('query($key: String!) { company(searchKey: $key) { searchKey } }', {
      key: { secret: 'canary' },
    });
    expect(errors?.[0]?.message).toBe('Variable $key must be a string: the type of $key is String!.');
    expect(JSON.stringify(errors)).not.toContain('canary');
  });
});

describe('values that cannot be read', () => {
  it('are null, each with an error that holds the original text; other values are unaffected', async () => {
    const { data, errors } = await setup.query(
      '{ company(searchKey: "sandbox:odd-values") { endCases { nodes { filingDate endDate enforcementAmount unperformedAmount court } } } }',
    );
    const [amount, date, dashes, sentinels, nulls] = data.company.endCases.nodes;
    expect(amount).toMatchObject({ enforcementAmount: null, unperformedAmount: '17990000' });
    expect(date).toMatchObject({ filingDate: null, endDate: '2021-03-01' });
    expect(dashes).toMatchObject({ enforcementAmount: null, unperformedAmount: null });
    expect(sentinels).toMatchObject({ filingDate: null, endDate: null });
    expect(nulls).toMatchObject({ court: null, enforcementAmount: null, unperformedAmount: '251198.34' });
    expect(errors?.map(({ path, extensions }) => [path?.slice(-2), extensions])).toEqual([
      [[0, 'enforcementAmount'], { code: 'UPSTREAM_DATA_INVALID', raw: '约三百万元', retryable: false }],
      [[1, 'filingDate'], { code: 'UPSTREAM_DATA_INVALID', raw: '二〇二〇年春', retryable: false }],
    ]);
  });
});
