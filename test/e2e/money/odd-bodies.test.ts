import { closeAfterTest } from '../../support/cleanup.js';
import { startTestGateway, type TestGateway } from '../../support/gateway.js';
import { answer, detailOf, RawBody, type Script, startUpstream } from '../../support/scripted-upstream.js';

async function start(script: Script) {
  const upstream = await startUpstream(script);
  return { upstream, gateway: closeAfterTest(await startTestGateway({ env: upstream.env })) };
}

const DETAIL = '{ endCase(id: "case-1") { court detail { judgmentDebtor { name } } } }';
const usageOf = async (gateway: TestGateway) =>
  (await gateway.query('{ usage { total { calls billed maybeBilled } } }')).data.usage.total;

/** Sends a query twice: whatever it got was bought once, and is in the ledger once. */
async function askTwice({ gateway, upstream }: Awaited<ReturnType<typeof start>>, query: string) {
  const first = await gateway.query(query);
  const second = await gateway.query(query);
  expect(second.data).toEqual(first.data);
  expect([first.extensions.cost.billed, second.extensions.cost.billed]).toEqual([1, 0]);
  expect(upstream.calls).toHaveLength(1);
  expect(await usageOf(gateway)).toEqual({ calls: 1, billed: 1, maybeBilled: 0 });
  return first;
}

const JSON_TYPE = 'application/json';
/** A detail with places for the name of its debtor and for its court, in any charset. */
const [BEFORE = '', BETWEEN = '', AFTER = ''] = JSON.stringify(
  detailOf('case-1', { Court: '|', OwnerInfo: { KeyNo: '', Name: '|' } }),
).split('|');
const detailIn = (name: readonly number[], court: readonly number[]) =>
  Buffer.concat(
    [BEFORE, Buffer.from(name), BETWEEN, Buffer.from(court), AFTER].map((part) => Buffer.from(part)),
  );

/** A name and the court 临海 in GBK, and a name that GB18030 alone has. */
const GBK = detailIn([0xb1, 0xea, 0xd7, 0xbc, 0xbc, 0xfe], [0xc1, 0xd9, 0xba, 0xa3]);
const GB18030 = detailIn([0x81, 0x39, 0xef, 0x31], [0xc1, 0xd9, 0xba, 0xa3]);

describe('a body', () => {
  it.each([
    [
      'with a byte order mark',
      new RawBody(Buffer.from(`\ufeff${JSON.stringify(detailOf('case-1'))}`), JSON_TYPE),
    ],
    ['without a Content-Type', new RawBody(Buffer.from(JSON.stringify(detailOf('case-1'))), '')],
    [
      'in UTF-8 that names another charset',
      new RawBody(Buffer.from(JSON.stringify(detailOf('case-1'))), 'text/plain; charset=ISO-8859-1'),
    ],
  ])('%s is read', async (_, body) => {
    const { data, errors } = await askTwice(await start(() => body), DETAIL);
    expect(errors).toBeUndefined();
    expect(data.endCase.detail).toEqual({ judgmentDebtor: { name: '某某' } });
  });

  it.each([
    ['charset=GBK', GBK, '标准件'],
    ['charset="gb2312"', GBK, '标准件'],
    ['charset=gb18030', GB18030, '㐂'],
  ])('in the charset of its Content-Type is read: %s', async (charset, bytes, name) => {
    const { data } = await askTwice(await start(() => new RawBody(bytes, `${JSON_TYPE};${charset}`)), DETAIL);
    expect(data.endCase).toEqual({ court: '临海', detail: { judgmentDebtor: { name } } });
  });

  it.each([
    ['does not name its charset', GBK, JSON_TYPE],
    ['names a charset that is not its own', GBK, `${JSON_TYPE}; charset=ISO-8859-1`],
    ['is not of the charset that it names', detailIn([0xff, 0xff], []), `${JSON_TYPE}; charset=GBK`],
    ['is damaged', detailIn([0xe4, 0xb8], []), `${JSON_TYPE}; charset=utf-8`],
  ])('that %s is refused, and not bought again', async (_, bytes, contentType) => {
    const { data, errors } = await askTwice(await start(() => new RawBody(bytes, contentType)), DETAIL);
    expect(data.endCase).toBeNull();
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'UPSTREAM_BAD_RESPONSE',
      upstream: {
        status: '200',
        orderNumber: expect.stringMatching(/^ENDEXECUTECASECHECK\d+$/),
        billed: true,
      },
    });
    expect(JSON.stringify(errors)).not.toContain('\ufffd');
  });

  it.each([
    ['112', 'UPSTREAM_QUOTA_EXHAUSTED', false],
    ['202', 'BAD_USER_INPUT', true],
  ])('that cannot be decoded still tells its status: %s', async (status, code, billed) => {
    const [before = '', after = ''] = JSON.stringify({ ...answer(status), Message: '|' }).split('|');
    const bytes = Buffer.concat([Buffer.from(before), Buffer.from([0xb2, 0xe9]), Buffer.from(after)]);
    const { gateway } = await start(() => new RawBody(bytes, JSON_TYPE));
    const { errors } = await gateway.query(DETAIL);
    expect(errors?.[0]?.extensions).toMatchObject({ code, upstream: { status, message: null, billed } });
    expect(errors?.[0]?.message).not.toContain('\ufffd');
  });
});

describe('a number past 2^53', () => {
  const LONG = '9007199254740993';
  const AMOUNT = '12345678901234567890.12';
  const withNumbers = (json: object) =>
    JSON.stringify(json).replaceAll('"LONG"', LONG).replaceAll('"AMOUNT"', AMOUNT);

  it('is exact as an id, an amount, a text and an order number', async () => {
    const row = { Id: 'LONG', CaseNo: 'LONG', ExecuteSubject: 'AMOUNT', UnperformedAmt: 'LONG' };
    const page = {
      Paging: { TotalRecords: 1 },
      Result: { VerifyResult: 1, Data: [row] },
      OrderNumber: 'LONG',
    };
    const started = await start(() => withNumbers(answer('200', page)));
    const { data, extensions } = await askTwice(
      started,
      '{ company(searchKey: "某某公司") { endCases { nodes { id caseNo enforcementAmount unperformedAmount } } } }',
    );
    expect(data.company.endCases.nodes).toEqual([
      { id: LONG, caseNo: LONG, enforcementAmount: AMOUNT, unperformedAmount: LONG },
    ]);
    expect(extensions.cost.orderNumbers).toEqual([LONG]);
  });

  it('is exact in what a detail says about its debtor', async () => {
    const started = await start(() =>
      withNumbers(detailOf('case-1', { Court: 'LONG', OwnerInfo: { KeyNo: 'LONG', Name: 'LONG' } })),
    );
    const { data } = await askTwice(
      started,
      '{ endCase(id: "case-1") { court detail { judgmentDebtor { keyNo name } } } }',
    );
    expect(data.endCase).toEqual({ court: LONG, detail: { judgmentDebtor: { keyNo: LONG, name: LONG } } });
  });
});

describe('half of a surrogate pair', () => {
  /** The response of a query, of which every text is well-formed. */
  const textOf = async (gateway: TestGateway, query: string) => {
    const text = await (await gateway.post({ query })).text();
    JSON.parse(text, (_, value: unknown) => {
      if (typeof value === 'string') expect(value.isWellFormed()).toBe(true);
      return value;
    });
    return text;
  };

  it('remains nowhere where the message of QCC is cut', async () => {
    const { gateway } = await start(() => ({ ...answer('203'), Message: `${'文'.repeat(199)}𠮷野` }));
    const text = await textOf(gateway, DETAIL);
    expect(text).toContain(`"message":"${'文'.repeat(199)}"`);
  });

  it('remains nowhere where a status or a message has one', async () => {
    const { gateway } = await start(() => ({
      ...answer('200'),
      Status: `${'9'.repeat(19)}𠮷`,
      Message: '吉\ud842野',
    }));
    const text = await textOf(gateway, DETAIL);
    expect(text).toContain('"message":"吉野"');
    await textOf(gateway, '{ usage(groupBy: STATUS) { groups { key } } }');
  });

  it('makes a value unreadable, and an id missing', async () => {
    const { gateway } = await start(({ method }) =>
      method === 'GetDetail'
        ? detailOf('case-1', { Court: '吉\ud842野' })
        : answer('200', { Paging: null, Result: { VerifyResult: 1, Data: [{ Id: 'case-\ud842' }] } }),
    );
    const detail = JSON.parse(await textOf(gateway, DETAIL));
    expect(detail.data.endCase.court).toBeNull();
    expect(detail.errors[0].extensions).toMatchObject({
      code: 'UPSTREAM_DATA_INVALID',
      raw: '"吉\\ud842野"',
    });
    const list = JSON.parse(
      await textOf(gateway, '{ company(searchKey: "某某公司") { endCases { nodes { id } } } }'),
    );
    expect(list.data.company.endCases.nodes).toEqual([]);
    expect(list.errors[0].extensions).toMatchObject({ code: 'UPSTREAM_DATA_INVALID', row: 1 });
  });
});
