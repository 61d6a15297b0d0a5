import { jsonOf, startTestGateway, type TestGateway } from '../../support/gateway.js';

/** 浙江 in GBK. */
const GBK = Buffer.from([0xd5, 0xe3, 0xbd, 0xad]);
const QUERY = 'query ($key: String!) { company(searchKey: $key) { hasEndCases } }';
const bodyWith = (name: Buffer) =>
  Buffer.concat([
    Buffer.from(`{"query":${JSON.stringify(QUERY)},"variables":{"key":"`),
    name,
    Buffer.from('"}}'),
  ]);
const JSON_TYPE = { 'content-type': 'application/json' };

describe('the text of a request', () => {
  let setup: TestGateway;
  beforeAll(async () => {
    setup = await startTestGateway();
  });
  afterAll(() => setup.close());
  beforeEach(() => setup.sandbox.statistics.reset());

  const post = (body: Buffer | string, headers: Record<string, string> = JSON_TYPE) =>
    fetch(setup.url, { method: 'POST', headers, body });

  /** Expects a refusal that shows that nothing was bought. */
  async function expectRefusal(response: Response, status: number, message: RegExp) {
    const { errors, extensions } = await jsonOf(response);
    expect(errors).toEqual([
      { message: expect.stringMatching(message), extensions: { code: 'BAD_REQUEST', retryable: false } },
    ]);
    expect(response.status).toBe(status);
    expect(extensions.cost).toMatchObject({ billed: 0, maybeBilled: 0 });
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'x-cost-billed': '0',
      'x-cost-maybe-billed': '0',
      'cache-control': 'no-store',
    });
    expect(setup.sandbox.statistics.total.calls).toBe(0);
  }

  it('may begin with a byte order mark, and may name its character set', async () => {
    const body = bodyWith(Buffer.from('浙江省临海标准件工业公司'));
    for (const type of [
      'application/json',
      'application/json; charset=UTF-8',
      'application/json;charset="utf8"',
    ]) {
      const response = await post(Buffer.concat([Buffer.from('\ufeff'), body]), { 'content-type': type });
      expect((await jsonOf(response)).data).toEqual({ company: { hasEndCases: true } });
    }
  });

  it.each([
    ['GBK', bodyWith(GBK), JSON_TYPE, 400, /UTF-8.*GBK/],
    [
      'GBK that calls itself UTF-8',
      bodyWith(GBK),
      { 'content-type': 'application/json; charset=utf-8' },
      400,
      /UTF-8/,
    ],
    ['GBK by its own name', bodyWith(GBK), { 'content-type': 'application/json; charset=gbk' }, 415, /UTF-8/],
    [
      'ASCII by the name of GBK',
      bodyWith(Buffer.from('ab')),
      { 'content-type': 'application/json;charset="GBK"' },
      415,
      /UTF-8/,
    ],
    ['UTF-16', Buffer.from(`\ufeff${bodyWith(Buffer.from('ab'))}`, 'utf16le'), JSON_TYPE, 400, /UTF-8/],
    ['half a character', bodyWith(Buffer.from('浙').subarray(0, 2)), JSON_TYPE, 400, /UTF-8/],
    ['a lone surrogate', bodyWith(Buffer.from([0xed, 0xa0, 0x80])), JSON_TYPE, 400, /UTF-8/],
    ['gzip', bodyWith(Buffer.from('ab')), { ...JSON_TYPE, 'content-encoding': 'gzip' }, 415, /compressed/],
    ['no JSON', '{"query":', JSON_TYPE, 400, /JSON/],
    ['nothing', '', JSON_TYPE, 400, /JSON/],
    ['a prototype', '{"query":"{ __typename }","__proto__":{}}', JSON_TYPE, 400, /JSON/],
    ['1 MB and more', 'x'.repeat(1024 * 1024 + 1), JSON_TYPE, 413, /larger than/],
    ['XML', '<query/>', { 'content-type': 'application/xml' }, 415, /application\/json/],
  ])('is refused as a body of %s', async (_, body, headers, status, message) => {
    await expectRefusal(await post(body, headers), status, message);
  });

  it.each([
    ['in GBK', '%d5%e3%bd%ad'],
    ['with an overlong form', '%c0%af'],
    ['that ends inside a character', '%e6%b5'],
  ])('is refused as a query string %s', async (_, key) => {
    const variables = `%7B%22key%22%3A%22${key}%22%7D`;
    const url = `${setup.url}?query=${encodeURIComponent(QUERY)}&variables=${variables}`;
    const response = await fetch(url, { headers: { 'apollo-require-preflight': '1' } });
    await expectRefusal(response, 400, /query string must be UTF-8/);
  });

  it('is understood as a query string in UTF-8', async () => {
    const variables = encodeURIComponent(JSON.stringify({ key: '浙江省临海标准件工业公司' }));
    const url = `${setup.url}?query=${encodeURIComponent(QUERY)}&variables=${variables}`;
    const response = await fetch(url, { headers: { 'apollo-require-preflight': '1' } });
    expect((await jsonOf(response)).data).toEqual({ company: { hasEndCases: true } });
  });
});
