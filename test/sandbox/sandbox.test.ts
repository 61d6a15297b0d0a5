import { once } from 'node:events';
import { connect } from 'node:net';
import fc from 'fast-check';
import { isCreditCode, isOrganisationCode } from '../../src/qcc/search-key.js';
import { sign } from '../../src/qcc/signature.js';
import { statuses } from '../../src/qcc/statuses.js';
import { detailAt, locateCase, rowAt } from '../../src/sandbox/cases.js';
import { companyBy, keyNoOf } from '../../src/sandbox/companies.js';
import { SANDBOX_CREDENTIALS, type Sandbox, startSandbox } from '../../src/sandbox/server.js';
import { waitUntil } from '../support/wait-until.js';
import { call, fetchList } from './sandbox-client.js';

const SAMPLE = '浙江省临海标准件工业公司';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());
beforeEach(() => sandbox.statistics.reset());

describe('the sandbox', () => {
  it("gives the list and the detail of the document's examples", async () => {
    expect(await call(sandbox, 'GetList', { searchKey: SAMPLE, pageSize: '2' })).toEqual({
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
    expect((await call(sandbox, 'GetDetail', { id: '68d0c45d6ce6115c340e31674b45cd62' })).Result).toEqual({
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
  ])('refuses with status %s, as QCC does: %j', async (status, parameters, headers) => {
    const answer = await call(sandbox, 'GetList', { searchKey: SAMPLE, ...parameters }, headers);
    expect(answer).toMatchObject({ Status: status, Result: null, Paging: null });
    const billed = statuses[status]?.billed ? 1 : 0;
    expect(sandbox.statistics.GetList).toEqual({ calls: 1, billed, maybeBilled: 0 });
  });

  it('never repeats an order number', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => call(sandbox, 'GetList', { searchKey: SAMPLE })),
    );
    expect(new Set(answers.map(({ OrderNumber }) => OrderNumber)).size).toBe(50);
    for (const { OrderNumber } of answers) expect(OrderNumber).toMatch(/^ENDEXECUTECASECHECK20\d{20}$/);
  });

  it('invents the same data in every process, and details that agree with their rows', async () => {
    const other = await startSandbox();
    const { Result } = await call(sandbox, 'GetList', {
      searchKey: 'sandbox:rows:45',
      pageIndex: '3',
      pageSize: '20',
    });
    const again = await call(other, 'GetList', {
      searchKey: 'sandbox:rows:45',
      pageIndex: '3',
      pageSize: '20',
    });
    expect(again.Result).toEqual(Result);
    expect(Result.Data).toHaveLength(5);
    await other.close();
    fc.assert(
      fc.property(fc.string({ minLength: 2 }), fc.nat(4999), (name, index) => {
        const { seed } = companyBy(name);
        const row = rowAt(seed, index);
        expect(locateCase(row.Id)).toEqual({ seed, index });
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

  it('has many companies without a case, and others with few and with thousands', () => {
    const counts = Array.from({ length: 1000 }, (_, index) => companyBy(`公司${index}`).caseCount);
    expect(counts.filter((count) => count === 0).length).toBeGreaterThan(300);
    expect(counts.some((count) => count > 0 && count <= 60)).toBe(true);
    expect(counts.some((count) => count > 5000)).toBe(true);
  });

  it('serves its statistics, and resets them on DELETE', async () => {
    await call(sandbox, 'GetList', { searchKey: SAMPLE });
    const url = new URL('/sandbox/statistics', sandbox.url);
    expect(await (await fetch(url)).json()).toMatchObject({ total: { calls: 1, billed: 1 } });
    await fetch(url, { method: 'DELETE' });
    expect(sandbox.statistics.total.calls).toBe(0);
  });

  it('serves only GET, and only its two methods and the statistics', async () => {
    const list = `${sandbox.url}/EndExecuteCaseCheck/GetList`;
    const base = new URL(sandbox.url).origin;
    expect((await fetch(list, { method: 'POST' })).status).toBe(405);
    expect((await fetch(`${base}/EndExecuteCaseCheck/GetList`)).status).toBe(404);
    expect((await fetch(`${base}//elsewhere`)).status).toBe(404);
    expect((await fetch(`${base}/sandbox/statistics`, { method: 'POST' })).status).toBe(405);
    expect(sandbox.statistics.total.calls).toBe(0);
  });
});

describe('a call of the sandbox', () => {
  it.each([
    ['a 15-digit number', '100000000035743'],
    ['a credit code', '91330100799655058C'],
  ])('finds nothing by %s with a wrong check digit', async (_, searchKey) => {
    const answer = await call(sandbox, 'GetList', { searchKey });
    expect(answer).toMatchObject({ Status: '201', Result: null });
    expect(answer).not.toHaveProperty('Paging');
    expect(sandbox.statistics.GetList).toEqual({ calls: 1, billed: 1, maybeBilled: 0 });
  });

  it.each([
    ['', '202'],
    ['x'.repeat(37), '202'],
    ['0'.repeat(32), '201'],
  ])('for the detail of "%s" gets status %s', async (id, status) => {
    expect(await call(sandbox, 'GetDetail', { id })).toMatchObject({ Status: status, Result: null });
  });

  it('can be answered with every status of the table, by both methods, and is billed as the table says', async () => {
    for (const [status, { billed }] of Object.entries(statuses)) {
      sandbox.statistics.reset();
      const id = `sandbox:status:${status}`;
      expect((await call(sandbox, 'GetList', { searchKey: id })).Status).toBe(status);
      expect((await call(sandbox, 'GetDetail', { id })).Status).toBe(status);
      const count = { calls: 1, billed: billed ? 1 : 0, maybeBilled: billed === null ? 1 : 0 };
      expect(sandbox.statistics).toMatchObject({ GetList: count, GetDetail: count });
    }
  });

  it('is logged without the key', async () => {
    const { OrderNumber } = await call(sandbox, 'GetList', { searchKey: SAMPLE, pageSize: '2' });
    expect(sandbox.statistics.log).toEqual([
      {
        method: 'GetList',
        parameters: { searchKey: SAMPLE, pageSize: '2' },
        status: '200',
        orderNumber: OrderNumber,
      },
    ]);
  });

  it('is counted even if the client disconnects before the answer', async () => {
    const client = new AbortController();
    const answer = expect(fetchList(sandbox, 'sandbox:slow:60000', client.signal)).rejects.toThrow();
    await waitUntil(() => sandbox.statistics.GetList.calls === 1);
    client.abort();
    await answer;
    expect(sandbox.statistics.GetList).toEqual({ calls: 1, billed: 1, maybeBilled: 0 });
  });

  it('does not delay closing, nor does an idle socket', async () => {
    const other = await startSandbox();
    const idle = connect(Number(new URL(other.url).port), '127.0.0.1');
    idle.on('error', () => {});
    await once(idle, 'connect');
    const hanging = fetchList(other, 'sandbox:hang').catch(() => 'ended');
    await waitUntil(() => other.statistics.total.calls === 1);
    await other.close();
    expect(await hanging).toBe('ended');
  });

  it('finds the company of a card by its KeyNo, with the same cases', async () => {
    const searchKey = 'sandbox:rows:45';
    const { Result } = await call(sandbox, 'GetList', { searchKey });
    const keyNo = keyNoOf(companyBy(searchKey).seed);
    const byKeyNo = await call(sandbox, 'GetList', { searchKey: keyNo });
    expect(byKeyNo.Result).toEqual(Result);
    expect(byKeyNo.Paging.TotalRecords).toBe(45);
  });
});
