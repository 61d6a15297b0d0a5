import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cards, outcomeOf } from '../../src/sandbox/cards.js';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.js';
import { call, fetchList } from './sandbox-client.js';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());
beforeEach(() => sandbox.statistics.reset());

const getList = (searchKey: string) => call(sandbox, 'GetList', { searchKey });
const getDetail = (id: string) => call(sandbox, 'GetDetail', { id });

/** Checks of what each card sends, by the card's example. */
const checks: Readonly<Record<string, () => Promise<void>>> = {
  async 'sandbox:status:112'() {
    expect(await getList('sandbox:status:112')).toMatchObject({
      Status: '112',
    });
    expect(await getList('sandbox:status:299')).toMatchObject({
      Status: '299',
    });
    expect(sandbox.statistics.GetList).toEqual({ calls: 2, billed: 0, maybeBilled: 1 });
  },
  async 'sandbox:rows:4321'() {
    const { Paging } = await getList('sandbox:rows:4321');
    expect(Paging.TotalRecords).toBe(4321);
    expect((await getList('sandbox:rows:1000000')).Paging.TotalRecords).toBe(1_000_000);
    expect((await getList('sandbox:rows:0')).Result).toEqual({
      VerifyResult: 0,
      Data: null,
    });
  },
  async 'sandbox:details:status:203'() {
    const ids = await idsOf('sandbox:details:status:203');
    expect(ids[1]).toBe('sandbox:status:203');
    const statusesOf = await Promise.all(ids.map(async (id) => (await getDetail(id)).Status));
    expect(statusesOf).toEqual(['200', '203', '200']);
    const { Result } = await getList('sandbox:details:slow:10');
    const detail = (await getDetail('sandbox:slow:10')).Result;
    expect(detail).toMatchObject(Result.Data[1]);
  },
  'sandbox:busy-once': () => refusesFirst('sandbox:busy-once', ['120', '200', '120', '200']),
  'sandbox:busy-twice': () => refusesFirst('sandbox:busy-twice', ['120', '120', '200', '120']),
  'sandbox:failure-once': () => refusesFirst('sandbox:failure-once', ['199', '200', '199', '200']),
  async 'sandbox:slow:1500'() {
    const from = performance.now();
    expect((await getDetail('sandbox:slow:300')).Status).toBe('200');
    expect(performance.now() - from).toBeGreaterThanOrEqual(295);
  },
  async 'sandbox:http:503'() {
    const unavailable = await fetchList(sandbox, 'sandbox:http:503');
    expect([unavailable.status, await unavailable.json()]).toEqual([
      503,
      { error: 'HTTP 503 from a sandbox card' },
    ]);
    const moved = await fetchList(sandbox, 'sandbox:http:302');
    expect([moved.status, moved.headers.get('location')]).toEqual([302, '/elsewhere']);
  },
  async 'sandbox:hang'() {
    await expect(fetchList(sandbox, 'sandbox:hang', AbortSignal.timeout(400))).rejects.toThrow();
  },
  async 'sandbox:drip'() {
    const client = new AbortController();
    const response = await fetchList(sandbox, 'sandbox:drip', client.signal);
    const reader = response.body?.getReader();
    for (const _ of [1, 2, 3]) expect((await reader?.read())?.value?.length).toBeGreaterThan(0);
    client.abort();
    await expect(reader?.read()).rejects.toThrow();
  },
  async 'sandbox:reset'() {
    await expect(fetchList(sandbox, 'sandbox:reset')).rejects.toThrow('fetch failed');
  },
  async 'sandbox:reset-midway'() {
    const response = await fetchList(sandbox, 'sandbox:reset-midway');
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow('terminated');
  },
  async 'sandbox:truncated'() {
    const body = await (await fetchList(sandbox, 'sandbox:truncated')).text();
    expect(body).toMatch(/^\{"Result":/);
    expect(() => JSON.parse(body)).toThrow(SyntaxError);
  },
  async 'sandbox:html'() {
    const response = await fetchList(sandbox, 'sandbox:html');
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html']);
  },
  async 'sandbox:huge'() {
    const body = await (await fetchList(sandbox, 'sandbox:huge')).text();
    expect(body.length).toBeGreaterThan(3 * 1024 * 1024);
  },
  async 'sandbox:gzip-bomb'() {
    const response = await fetchList(sandbox, 'sandbox:gzip-bomb');
    expect(Number(response.headers.get('content-length'))).toBeLessThan(200_000);
    let size = 0;
    for await (const chunk of response.body ?? []) size += chunk.byteLength;
    expect(size).toBe(100 * 1024 * 1024);
  },
  async 'sandbox:numeric-status'() {
    const { Status, Result } = await getList('sandbox:numeric-status');
    expect([Status, Result.VerifyResult]).toEqual([200, 1]);
  },
  async 'sandbox:wrong-shape'() {
    const { Status, Result } = await getDetail('sandbox:wrong-shape');
    expect([Status, Result]).toEqual(['200', '没有']);
  },
  async 'sandbox:null-result'() {
    const { Status, Result } = await getDetail('sandbox:null-result');
    expect([Status, Result]).toEqual(['200', null]);
  },
  async 'sandbox:no-paging'() {
    const answer = await getList('sandbox:no-paging');
    expect(answer).not.toHaveProperty('Paging');
    expect(answer.Result.Data).toHaveLength(5);
  },
  async 'sandbox:odd-values'() {
    const { Result } = await getList('sandbox:odd-values');
    const values = Result.Data.flatMap((row: object) => Object.values(row));
    const odd = ['约三百万元', '二〇二〇年春', '', '—', null, '1.799E+7', '2021-03-01T00:00:00+08:00'];
    expect(values).toEqual(expect.arrayContaining([...odd, '0001-01-01T00:00:00', '1970-01-18']));
    for (const row of Result.Data) {
      expect((await getDetail(row.Id)).Result).toMatchObject(row);
    }
  },
  async 'sandbox:overcount'() {
    expect(await getPage('sandbox:overcount', 1)).toEqual([21, 1, 20]);
    expect(await getPage('sandbox:overcount', 2)).toEqual(['201']);
  },
  async 'sandbox:contradiction'() {
    expect(await getPage('sandbox:contradiction', 1)).toEqual([25, 1, 20]);
    expect(await getPage('sandbox:contradiction', 2)).toEqual([24, 2, 5]);
  },
  async 'sandbox:clamped'() {
    expect(await getPage('sandbox:clamped', 2)).toEqual([25, 2, 5]);
    expect(await getPage('sandbox:clamped', 9)).toEqual([25, 2, 5]);
  },
  async 'sandbox:no-id'() {
    const { Result } = await getList('sandbox:no-id');
    expect(Result.Data.map((row: object) => 'Id' in row).indexOf(false)).toBe(1);
  },
};

/** Total, page and number of rows of a page of 20, or its status where that is no data. */
async function getPage(searchKey: string, page: number): Promise<unknown[]> {
  const parameters = { searchKey, pageIndex: String(page), pageSize: '20' };
  const { Status, Paging, Result } = await call(sandbox, 'GetList', parameters);
  return Status === '200' ? [Paging.TotalRecords, Paging.PageIndex, Result.Data.length] : [Status];
}

async function idsOf(searchKey: string): Promise<string[]> {
  const { Result } = await getList(searchKey);
  return Result.Data.map(({ Id }: { Id: string }) => Id);
}

/** Checks the statuses of repeated calls, by both methods. */
async function refusesFirst(card: string, expected: string[]): Promise<void> {
  const calls = [
    ['GetList', { searchKey: card }],
    ['GetDetail', { id: card }],
  ] as const;
  for (const [method, parameters] of calls) {
    const given: string[] = [];
    for (const _ of expected) given.push((await call(sandbox, method, { ...parameters })).Status);
    expect(given).toEqual(expected);
  }
}

describe('the cards of the sandbox', () => {
  const guide = readFileSync(join(__dirname, '..', '..', 'docs', 'sandbox.md'), 'utf8').replace(
    / +\|/g,
    ' |',
  );

  it.each(cards.map((card) => [card.example, card] as const))(
    '%s has an outcome and is documented',
    (example, card) => {
      expect(outcomeOf(example)).toBeDefined();
      expect(example.length).toBeLessThanOrEqual(36);
      expect(guide).toContain(`| \`${example}\` | ${card.gives} |`);
    },
  );

  it.each(cards.map((card) => card.example))('%s gives what its description says', async (example) => {
    await checks[example]?.();
    expect(Object.keys(checks)).toContain(example);
    expect(sandbox.statistics.total.calls).toBeGreaterThan(0);
  });
});
