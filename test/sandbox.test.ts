import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { sign } from '../src/qcc/signature.js';
import { statuses } from '../src/qcc/statuses.js';
import { cards, playOf } from '../src/sandbox/cards.js';
import { detailAt, placeOf, rowAt } from '../src/sandbox/cases.js';
import { companyBy, keyNoOf } from '../src/sandbox/companies.js';
import { SANDBOX_CREDENTIALS, type Sandbox, startSandbox } from '../src/sandbox/server.js';
import type { Data } from './support/gateway.js';

const SAMPLE = '浙江省临海标准件工业公司';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());
beforeEach(() => sandbox.tally.reset());

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
  ])('refuses with status %s what QCC would refuse so: %j', async (status, parameters, headers) => {
    const answer = await get('GetList', { searchKey: SAMPLE, ...parameters }, headers);
    expect(answer).toMatchObject({ Status: status, Result: null, Paging: null });
    const billed = statuses[status]?.billed ? 1 : 0;
    expect(sandbox.tally.GetList).toEqual({ calls: 1, billed, maybeBilled: 0 });
  });

  it('numbers its orders without repeating one', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => get('GetList', { searchKey: SAMPLE })),
    );
    expect(new Set(answers.map(({ OrderNumber }) => OrderNumber)).size).toBe(50);
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

  it('shows its tally to the curious, and forgets it on demand', async () => {
    await get('GetList', { searchKey: SAMPLE });
    const url = new URL('/sandbox/tally', sandbox.url);
    expect(await (await fetch(url)).json()).toMatchObject({ total: { calls: 1, billed: 1 } });
    await fetch(url, { method: 'DELETE' });
    expect(sandbox.tally.total.calls).toBe(0);
  });
});

describe('the cards', () => {
  const guide = readFileSync(join(__dirname, '..', 'docs', 'sandbox.md'), 'utf8').replace(/ +\|/g, ' |');

  it.each(cards.map((card) => [card.example, card] as const))(
    '%s is played and documented',
    (example, card) => {
      expect(playOf(example)).toBeDefined();
      expect(example.length).toBeLessThanOrEqual(36);
      expect(guide).toContain(`| \`${example}\` | ${card.gives} |`);
    },
  );
});
