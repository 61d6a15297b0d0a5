import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { isCreditCode, isOrganisationCode } from '../../src/qcc/search-key.js';
import { sign } from '../../src/qcc/signature.js';
import { statuses } from '../../src/qcc/statuses.js';
import { cards, playOf } from '../../src/sandbox/cards.js';
import { detailAt, placeOf, rowAt } from '../../src/sandbox/cases.js';
import { companyBy, keyNoOf } from '../../src/sandbox/companies.js';
import { SANDBOX_CREDENTIALS, type Sandbox, startSandbox } from '../../src/sandbox/server.js';
import type { Data } from '../support/gateway.js';

const SAMPLE = '浙江省临海标准件工业公司';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());
beforeEach(() => sandbox.statistics.reset());

async function get(
  method: string,
  parameters: Record<string, string>,
  headers: Record<string, string> = { ...sign(SANDBOX_CREDENTIALS) },
  from = sandbox,
): Promise<Data> {
  const query = new URLSearchParams({ key: SANDBOX_CREDENTIALS.key, ...parameters });
  const response = await fetch(`${from.url}/EndExecuteCaseCheck/${method}?${query}`, { headers });
  return response.json();
}

describe('the sandbox', () => {
  it("gives the document's own list and detail", async () => {
    expect(await get('GetList', { searchKey: SAMPLE, pageSize: '2' })).toEqual({
      Paging: { PageSize: 2, PageIndex: 1, TotalRecords: 99 },
      Result: {
        VerifyResult: 1,
        Data: [
          {
            Id: '68d0c45d6ce6115c340e31674b45cd62',
            CaseNo: '(2018)浙1082执2303号',
            Court: '临海市人民法院',
            EndDate: '2019-07-25',
            LianDate: '2018-07-03',
            ExecuteSubject: '1000000',
            UnperformedAmt: '562781',
          },
          {
            Id: 'f0a872a32391a3e76ba1bb5867a846b3',
            CaseNo: '(2019)浙1082执1025号',
            Court: '临海市人民法院',
            EndDate: '2019-07-24',
            LianDate: '2019-02-26',
            ExecuteSubject: '55000',
            UnperformedAmt: '55000',
          },
        ],
      },
      Status: '200',
      Message: '【有效请求】查询成功',
      OrderNumber: expect.stringMatching(/^ENDEXECUTECASECHECK20\d{20}$/),
    });
    expect((await get('GetDetail', { id: '68d0c45d6ce6115c340e31674b45cd62' })).Result).toEqual({
      Id: '68d0c45d6ce6115c340e31674b45cd62',
      CaseNo: '(2018)浙1082执2303号',
      OwnerInfo: { KeyNo: '7629d57f18b20b1927ea4ee5366bfde3', Name: SAMPLE },
      CerNo: '14796919-0',
      Court: '临海市人民法院',
      LianDate: '2018-07-03',
      EndDate: '2019-07-25',
      ExecuteSubject: '1000000',
      UnperformedAmt: '562781',
    });
  });

  it.each<[string, Record<string, string>, Record<string, string> | undefined]>([
    ['101', { key: 'another' }, undefined],
    ['115', {}, {}],
    ['115', {}, { ...sign(SANDBOX_CREDENTIALS, Date.now() - 600_000) }],
    ['107', {}, { ...sign({ ...SANDBOX_CREDENTIALS, secretKey: 'wrong' }) }],
    ['202', { searchKey: '' }, undefined],
    ['213', { searchKey: '中' }, undefined],
    ['202', { pageSize: '21' }, undefined],
    ['202', { pageIndex: '0' }, undefined],
    ['207', { pageIndex: '251', pageSize: '20' }, undefined],
    ['208', { searchKey: 'p629d57f18b20b1927ea4ee5366bfde3' }, undefined],
    ['207', { pageIndex: '99999999' }, undefined],
    ['202', { pageIndex: 'two' }, undefined],
  ])('refuses with status %s what QCC would refuse so: %j', async (status, parameters, headers) => {
    const answer = await get('GetList', { searchKey: SAMPLE, ...parameters }, headers);
    expect(answer).toMatchObject({ Status: status, Result: null, Paging: null });
    const billed = statuses[status]?.billed ? 1 : 0;
    expect(sandbox.statistics.GetList).toEqual({ calls: 1, billed, maybeBilled: 0 });
  });

  it('numbers its orders without repeating one', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => get('GetList', { searchKey: SAMPLE })),
    );
    expect(new Set(answers.map(({ OrderNumber }) => OrderNumber)).size).toBe(50);
    for (const { OrderNumber } of answers) expect(OrderNumber).toMatch(/^ENDEXECUTECASECHECK20\d{20}$/);
  });

  it('invents the same everywhere, and a detail agrees with its row', async () => {
    const other = await startSandbox();
    const { Result } = await get('GetList', { searchKey: 'sandbox:rows:45', pageIndex: '3', pageSize: '20' });
    const again = await get(
      'GetList',
      { searchKey: 'sandbox:rows:45', pageIndex: '3', pageSize: '20' },
      { ...sign(SANDBOX_CREDENTIALS) },
      other,
    );
    expect(again.Result).toEqual(Result);
    expect(Result.Data).toHaveLength(5);
    await other.close();
    fc.assert(
      fc.property(fc.string({ minLength: 2 }), fc.nat(4999), (name, index) => {
        const { seed } = companyBy(name);
        const row = rowAt(seed, index);
        expect(placeOf(row.Id)).toEqual({ seed, index });
        expect(detailAt(seed, index, undefined)).toMatchObject({ ...row });
        expect(companyBy(keyNoOf(seed)).seed).toBe(seed);
        expect(String(rowAt(seed, index + 1).EndDate) <= String(row.EndDate)).toBe(true);
        const { CerNo } = detailAt(seed, index, undefined);
        const bare = CerNo.replace('-', '');
        expect(isOrganisationCode(bare) || isCreditCode(bare) || CerNo.includes('*')).toBe(true);
        if (Number(row.ExecuteSubject)) {
          expect(Number(row.UnperformedAmt) <= Number(row.ExecuteSubject) || row.UnperformedAmt === '—').toBe(
            true,
          );
        }
        if (row.LianDate) expect(row.LianDate < String(row.EndDate)).toBe(true);
      }),
    );
  });

  it('knows many companies without a case, and all sizes of the others', () => {
    const lengths = Array.from({ length: 1000 }, (_, index) => companyBy(`公司${index}`).length);
    expect(lengths.filter((length) => length === 0).length).toBeGreaterThan(300);
    expect(lengths.some((length) => length > 0 && length <= 60)).toBe(true);
    expect(lengths.some((length) => length > 5000)).toBe(true);
  });

  it('shows its statistics to the curious, and forgets it on demand', async () => {
    await get('GetList', { searchKey: SAMPLE });
    const url = new URL('/sandbox/statistics', sandbox.url);
    expect(await (await fetch(url)).json()).toMatchObject({ total: { calls: 1, billed: 1 } });
    await fetch(url, { method: 'DELETE' });
    expect(sandbox.statistics.total.calls).toBe(0);
  });
});

describe('what the sandbox refuses or finds', () => {
  it.each([
    ['a 15-digit number', '100000000035743'],
    ['a credit code', '91330100799655058C'],
  ])('finds nobody by %s with a wrong check', async (_, searchKey) => {
    const answer = await get('GetList', { searchKey });
    expect(answer).toMatchObject({ Status: '201', Result: null });
    expect(answer).not.toHaveProperty('Paging');
    expect(sandbox.statistics.GetList).toEqual({ calls: 1, billed: 1, maybeBilled: 0 });
  });

  it.each([
    ['202', ''],
    ['202', 'x'.repeat(37)],
    ['201', '0'.repeat(32)],
  ])('answers status %s to the detail of "%s"', async (status, id) => {
    expect(await get('GetDetail', { id })).toMatchObject({ Status: status, Result: null });
  });

  it('serves its two paths and the statistics alone, to GET', async () => {
    const list = `${sandbox.url}/EndExecuteCaseCheck/GetList`;
    const base = new URL(sandbox.url).origin;
    expect((await fetch(list, { method: 'POST' })).status).toBe(405);
    expect((await fetch(`${base}/EndExecuteCaseCheck/GetList`)).status).toBe(404);
    expect((await fetch(`${base}//elsewhere`)).status).toBe(404);
    expect((await fetch(`${base}/sandbox/statistics`, { method: 'POST' })).status).toBe(405);
    expect(sandbox.statistics.total.calls).toBe(0);
  });

  it('gives every status of the table on both methods, and bills it as the table says', async () => {
    for (const [status, { billed }] of Object.entries(statuses)) {
      sandbox.statistics.reset();
      const id = `sandbox:status:${status}`;
      expect((await get('GetList', { searchKey: id })).Status).toBe(status);
      expect((await get('GetDetail', { id })).Status).toBe(status);
      const count = { calls: 1, billed: billed ? 1 : 0, maybeBilled: billed === null ? 1 : 0 };
      expect(sandbox.statistics).toMatchObject({ GetList: count, GetDetail: count });
    }
  });

  it('keeps what it was asked, without the key', async () => {
    const { OrderNumber } = await get('GetList', { searchKey: SAMPLE, pageSize: '2' });
    expect(sandbox.statistics.log).toEqual([
      {
        method: 'GetList',
        parameters: { searchKey: SAMPLE, pageSize: '2' },
        status: '200',
        orderNumber: OrderNumber,
      },
    ]);
  });

  it('counts a call once it is decided, though its asker leaves before the answer', async () => {
    await expect(ask('sandbox:slow:5000', AbortSignal.timeout(200))).rejects.toThrow();
    expect(sandbox.statistics.GetList).toEqual({ calls: 1, billed: 1, maybeBilled: 0 });
  });

  it('closes at once under a hanging answer and an idle socket', async () => {
    const other = await startSandbox();
    const idle = connect(Number(new URL(other.url).port), '127.0.0.1');
    idle.on('error', () => {});
    await once(idle, 'connect');
    const hanging = ask('sandbox:hang', AbortSignal.timeout(5000), other).catch(() => 'ended');
    while (other.statistics.total.calls === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const from = performance.now();
    await other.close();
    expect(performance.now() - from).toBeLessThan(1000);
    expect(await hanging).toBe('ended');
  });

  it('finds a company of a card by its KeyNo, with as many cases', async () => {
    const searchKey = 'sandbox:rows:45';
    const { Result } = await get('GetList', { searchKey });
    const keyNo = keyNoOf(companyBy(searchKey).seed);
    const byKeyNo = await get('GetList', { searchKey: keyNo });
    expect(byKeyNo.Result).toEqual(Result);
    expect(byKeyNo.Paging.TotalRecords).toBe(45);
  });
});

function ask(searchKey: string, signal: AbortSignal, from = sandbox): Promise<Response> {
  const query = new URLSearchParams({ key: SANDBOX_CREDENTIALS.key, searchKey });
  const url = `${from.url}/EndExecuteCaseCheck/GetList?${query}`;
  return fetch(url, { headers: { ...sign(SANDBOX_CREDENTIALS) }, redirect: 'manual', signal });
}

const patience = () => AbortSignal.timeout(400);

/** What each card does on the wire, by its example. */
const onTheWire: Readonly<Record<string, () => Promise<void>>> = {
  async 'sandbox:status:112'() {
    expect(await get('GetList', { searchKey: 'sandbox:status:112' })).toMatchObject({ Status: '112' });
    expect(await get('GetList', { searchKey: 'sandbox:status:299' })).toMatchObject({ Status: '299' });
    expect(sandbox.statistics.GetList).toEqual({ calls: 2, billed: 0, maybeBilled: 1 });
  },
  async 'sandbox:rows:4321'() {
    const { Paging } = await get('GetList', { searchKey: 'sandbox:rows:4321' });
    expect(Paging.TotalRecords).toBe(4321);
    expect((await get('GetList', { searchKey: 'sandbox:rows:1000000' })).Paging.TotalRecords).toBe(1_000_000);
    expect((await get('GetList', { searchKey: 'sandbox:rows:0' })).Result).toEqual({
      VerifyResult: 0,
      Data: null,
    });
  },
  async 'sandbox:details:status:203'() {
    const ids = await idsOf('sandbox:details:status:203');
    expect(ids[1]).toBe('sandbox:status:203');
    const statusesOf = await Promise.all(ids.map(async (id) => (await get('GetDetail', { id })).Status));
    expect(statusesOf).toEqual(['200', '203', '200']);
    const { Result } = await get('GetList', { searchKey: 'sandbox:details:slow:10' });
    const detail = (await get('GetDetail', { id: 'sandbox:slow:10' })).Result;
    expect(detail).toMatchObject(Result.Data[1]);
  },
  'sandbox:busy-once': () => refusesFirst('sandbox:busy-once', ['120', '200', '120', '200']),
  'sandbox:busy-twice': () => refusesFirst('sandbox:busy-twice', ['120', '120', '200', '120']),
  'sandbox:failure-once': () => refusesFirst('sandbox:failure-once', ['199', '200', '199', '200']),
  async 'sandbox:slow:1500'() {
    const from = performance.now();
    expect((await get('GetDetail', { id: 'sandbox:slow:300' })).Status).toBe('200');
    expect(performance.now() - from).toBeGreaterThanOrEqual(295);
  },
  async 'sandbox:http:503'() {
    const unavailable = await ask('sandbox:http:503', patience());
    expect([unavailable.status, await unavailable.json()]).toEqual([503, { error: 'HTTP 503, as asked' }]);
    const moved = await ask('sandbox:http:302', patience());
    expect([moved.status, moved.headers.get('location')]).toEqual([302, '/elsewhere']);
  },
  async 'sandbox:hang'() {
    await expect(ask('sandbox:hang', patience())).rejects.toThrow();
  },
  async 'sandbox:drip'() {
    const from = performance.now();
    const response = await ask('sandbox:drip', patience());
    expect(performance.now() - from).toBeLessThan(90);
    await expect(response.text()).rejects.toThrow();
  },
  async 'sandbox:reset'() {
    await expect(ask('sandbox:reset', AbortSignal.timeout(5000))).rejects.toThrow('fetch failed');
  },
  async 'sandbox:reset-midway'() {
    const response = await ask('sandbox:reset-midway', AbortSignal.timeout(5000));
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow('terminated');
  },
  async 'sandbox:truncated'() {
    const body = await (await ask('sandbox:truncated', patience())).text();
    expect(body).toMatch(/^\{"Result":/);
    expect(() => JSON.parse(body)).toThrow(SyntaxError);
  },
  async 'sandbox:html'() {
    const response = await ask('sandbox:html', patience());
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html']);
  },
  async 'sandbox:huge'() {
    const body = await (await ask('sandbox:huge', AbortSignal.timeout(5000))).text();
    expect(body.length).toBeGreaterThan(3 * 1024 * 1024);
  },
  async 'sandbox:gzip-bomb'() {
    const response = await ask('sandbox:gzip-bomb', AbortSignal.timeout(20_000));
    expect(Number(response.headers.get('content-length'))).toBeLessThan(200_000);
    expect((await response.arrayBuffer()).byteLength).toBe(100 * 1024 * 1024);
  },
  async 'sandbox:numeric-status'() {
    const { Status, Result } = await get('GetList', { searchKey: 'sandbox:numeric-status' });
    expect([Status, Result.VerifyResult]).toEqual([200, 1]);
  },
  async 'sandbox:wrong-shape'() {
    const { Status, Result } = await get('GetDetail', { id: 'sandbox:wrong-shape' });
    expect([Status, Result]).toEqual(['200', '没有']);
  },
  async 'sandbox:null-result'() {
    const { Status, Result } = await get('GetDetail', { id: 'sandbox:null-result' });
    expect([Status, Result]).toEqual(['200', null]);
  },
  async 'sandbox:no-paging'() {
    const answer = await get('GetList', { searchKey: 'sandbox:no-paging' });
    expect(answer).not.toHaveProperty('Paging');
    expect(answer.Result.Data).toHaveLength(5);
  },
  async 'sandbox:odd-values'() {
    const { Result } = await get('GetList', { searchKey: 'sandbox:odd-values' });
    const values = Result.Data.flatMap((row: object) => Object.values(row));
    const odd = ['约三百万元', '二〇二〇年春', '', '—', null, '1.799E+7', '2021-03-01T00:00:00+08:00'];
    expect(values).toEqual(expect.arrayContaining([...odd, '0001-01-01T00:00:00', '1970-01-18']));
    for (const row of Result.Data) {
      expect((await get('GetDetail', { id: row.Id })).Result).toMatchObject(row);
    }
  },
};

async function idsOf(searchKey: string): Promise<string[]> {
  const { Result } = await get('GetList', { searchKey });
  return Result.Data.map(({ Id }: { Id: string }) => Id);
}

/** Asks as often as there are statuses, by both methods. */
async function refusesFirst(card: string, expected: string[]): Promise<void> {
  const questions = [
    ['GetList', { searchKey: card }],
    ['GetDetail', { id: card }],
  ] as const;
  for (const [method, parameters] of questions) {
    const given: string[] = [];
    for (const _ of expected) given.push((await get(method, { ...parameters })).Status);
    expect(given).toEqual(expected);
  }
}

describe('the cards', () => {
  const guide = readFileSync(join(__dirname, '..', '..', 'docs', 'sandbox.md'), 'utf8').replace(
    / +\|/g,
    ' |',
  );

  it.each(cards.map((card) => [card.example, card] as const))(
    '%s is played and documented',
    (example, card) => {
      expect(playOf(example)).toBeDefined();
      expect(example.length).toBeLessThanOrEqual(36);
      expect(guide).toContain(`| \`${example}\` | ${card.gives} |`);
    },
  );

  it.each(cards.map((card) => card.example))('%s gives what its table says', async (example) => {
    await onTheWire[example]?.();
    expect(Object.keys(onTheWire)).toContain(example);
    expect(sandbox.statistics.total.calls).toBeGreaterThan(0);
  });
});
