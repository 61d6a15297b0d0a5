import { closeAfterTest } from '../../support/cleanup.js';
import { startTestGateway, type TestGateway } from '../../support/gateway.js';
import { detailOf, pageOf, startUpstream } from '../../support/scripted-upstream.js';

const KEY_NO = '7629d57f18b20b1927ea4ee5366bfde3';
const HONG_KONG = `h${KEY_NO.slice(1)}`;
const CREDIT_CODE = '91110000600037341L';
const NAME = '浙江省临海标准件工业公司';

describe('a search key with odd characters', () => {
  let setup: TestGateway;
  beforeAll(async () => {
    setup = await startTestGateway();
  });
  afterAll(() => setup.close());
  beforeEach(() => setup.sandbox.statistics.reset());

  const companies = (searchKeys: readonly string[]) =>
    setup.query(
      'query ($searchKeys: [String!]!) { companies(searchKeys: $searchKeys) { searchKey searchKeyKind hasEndCases } }',
      { searchKeys },
    );

  it('is bought once, however it was copied', async () => {
    const { data, errors } = await companies([
      CREDIT_CODE,
      `\u200b${CREDIT_CODE}`,
      `\u202d${CREDIT_CODE.toLowerCase()}\u202c`,
      '91110000 6000 37341L',
      NAME,
      `\ufeff${NAME.slice(0, 3)}\u200b${NAME.slice(3)}`,
    ]);
    expect(errors).toBeUndefined();
    const keys = data.companies.map(({ searchKey }: { searchKey: string }) => searchKey);
    expect(keys).toEqual([CREDIT_CODE, CREDIT_CODE, CREDIT_CODE, CREDIT_CODE, NAME, NAME]);
    expect(setup.sandbox.statistics.total.calls).toBe(2);
  });

  it('makes only its own place null if it is refused, and costs nothing', async () => {
    const refused = [
      '????',
      '。。',
      '\ufffd\ufffd公司',
      '公司\u0000',
      '11010519491231002X',
      '名'.repeat(201),
    ];
    const { data, errors, extensions } = await companies([...refused, 'sandbox:rows:7']);
    expect(data.companies).toEqual([
      ...refused.map(() => null),
      { searchKey: 'sandbox:rows:7', searchKeyKind: 'NAME', hasEndCases: true },
    ]);
    expect(errors?.map(({ path, extensions: { code } }) => [path?.[1], code])).toEqual(
      refused.map((_, index) => [index, 'BAD_USER_INPUT']),
    );
    expect(JSON.stringify(errors)).not.toContain('11010519491231002X');
    expect(extensions.cost.billed).toBe(1);
    expect(setup.sandbox.statistics.total.calls).toBe(1);
  });

  it('is refused as the id of a case as well', async () => {
    const query = 'query ($id: ID!) { endCase(id: $id) { court } }';
    for (const id of ['\ufffd', 'a\u0001', '\u200b', 'x'.repeat(100_000)]) {
      const { errors } = await setup.query(query, { id });
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    }
    expect(setup.sandbox.statistics.total.calls).toBe(0);
    await setup.query(
      'query ($a: ID!, $b: ID!) { a: endCase(id: $a) { court } b: endCase(id: $b) { court } }',
      {
        a: '68d0c45d6ce6115c340e31674b45cd62',
        b: '\u200b68d0c45d6ce6115c340e31674b45cd62\ufeff',
      },
    );
    expect(setup.sandbox.statistics.GetDetail.calls).toBe(1);
  });

  it.each([
    ['an empty KeyNo', { keyNo: '', creditCode: CREDIT_CODE, searchKey: NAME }, CREDIT_CODE],
    ['a blank KeyNo and no credit code', { keyNo: ' ', creditCode: null, searchKey: NAME }, NAME],
    ['empty codes', { keyNo: null, creditCode: '', searchKey: NAME }, NAME],
    ['a KeyNo of Hong Kong', { keyNo: HONG_KONG.toUpperCase(), searchKey: NAME }, HONG_KONG],
    ['empty keys only', { keyNo: '', creditCode: '', searchKey: '' }, undefined],
  ])('in a representation with %s', async (_, keys, searchKey) => {
    const { data, errors } = await setup.query(
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Company { searchKey } } }',
      { r: [{ __typename: 'Company', ...keys }] },
    );
    expect(errors).toBeUndefined();
    expect(data._entities).toEqual([searchKey === undefined ? null : { searchKey }]);
  });
});

it('a debtor in Hong Kong is a company, whose list the estimate counts and whose KeyNo buys it once', async () => {
  const upstream = await startUpstream(({ method, subject }) =>
    method === 'GetList'
      ? pageOf(1, 1, 1)
      : detailOf(subject, { OwnerInfo: { KeyNo: HONG_KONG.toUpperCase(), Name: '某某（香港）有限公司' } }),
  );
  const setup = closeAfterTest(await startTestGateway({ env: upstream.env }));
  const debtor =
    '{ endCase(id: "case-1") { detail { judgmentDebtor { company { searchKey searchKeyKind hasEndCases } } } } }';
  const first = await setup.query(debtor);
  expect(first.data.endCase.detail.judgmentDebtor.company).toEqual({
    searchKey: HONG_KONG,
    searchKeyKind: 'KEY_NO',
    hasEndCases: true,
  });
  await setup.query(`{ company(searchKey: "${HONG_KONG}") { hasEndCases } }`);
  expect(upstream.calls.map(({ subject }) => subject)).toEqual(['case-1', HONG_KONG]);
  const dry = await setup.post({ query: debtor }, { headers: { 'x-cost-dry-run': '1' } });
  expect((await dry.json()) as object).toMatchObject({
    extensions: { cost: { estimate: { min: 0, max: 0 } } },
  });
});
