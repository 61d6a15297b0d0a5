import { statuses } from '../../../src/qcc/statuses.js';
import { closeAfterTest } from '../../support/cleanup.js';
import { startTestGateway, type TestGateway } from '../../support/gateway.js';
import {
  answer,
  detailOf,
  pageOf,
  row,
  type Script,
  type ScriptedUpstream,
  startUpstream,
} from '../../support/scripted-upstream.js';

const NAME = '某某贸易有限公司';

async function start(script: Script, env: Record<string, string> = {}, now?: () => number) {
  const upstream = await startUpstream(script);
  const gateway = closeAfterTest(
    await startTestGateway({
      env: { ...upstream.env, MAX_CALLS_PER_OPERATION: '1000', ...env },
      ...(now ? { now } : {}),
    }),
  );
  return { upstream, gateway };
}

const list = (args: string, fields = 'totalCount nodes { id }') =>
  `{ company(searchKey: "${NAME}") { endCases(${args}) { ${fields} } } }`;

/** The bills of the same query, sent several times one after the other. */
async function bills(gateway: TestGateway, query: string, times: number): Promise<number[]> {
  const billed: number[] = [];
  for (let time = 0; time < times; time += 1) {
    const { extensions } = await gateway.query(query);
    billed.push(extensions.cost.billed);
  }
  return billed;
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
const DAY = 86_400_000;
/** Of some days, since the clock of a test may pass midnight. */
const ledgerOf = async (gateway: TestGateway) => {
  const [from, to] = [-DAY, 2 * DAY].map((offset) => new Date(Date.now() + offset).toISOString());
  const query = `{ usage(from: "${from}", to: "${to}") { total { calls billed maybeBilled } } }`;
  return (await gateway.query(query)).data.usage.total;
};

/** Every call that the upstream saw is in the ledger. */
async function expectAllRecorded(gateway: TestGateway, upstream: ScriptedUpstream) {
  const { calls } = await ledgerOf(gateway);
  expect(calls).toBe(upstream.calls.length);
}

describe('a list whose total counts rows that do not exist', () => {
  it.each<[string, Script]>([
    ['an empty page', ({ page }) => (page === 1 ? pageOf(1, 20, 21) : pageOf(21, 0, 21))],
    ['status 201', ({ page }) => (page === 1 ? pageOf(1, 20, 21) : answer('201', { Result: null }))],
    ['another total', ({ page }) => (page === 1 ? pageOf(1, 20, 21) : pageOf(21, 0, 20))],
  ])('is bought once, where its last page is %s', async (_, script) => {
    const { gateway, upstream } = await start(script);
    const billed = await bills(gateway, list('first: 40'), 10);
    expect(billed.slice(3)).toEqual([0, 0, 0, 0, 0, 0, 0]);
    expect(sum(billed)).toBe(upstream.calls.length);
    const { data, errors } = await gateway.query(list('first: 40'));
    expect(errors).toBeUndefined();
    expect(data.company.endCases.nodes).toHaveLength(20);
    await expectAllRecorded(gateway, upstream);
  });

  it('can be walked to its end', async () => {
    const { gateway } = await start(({ page }) => (page === 1 ? pageOf(1, 20, 21) : answer('201')));
    const fields = 'nodes { id } pageInfo { hasNextPage endCursor }';
    const first = await gateway.query(list('first: 20', fields));
    const { endCursor } = first.data.company.endCases.pageInfo;
    const second = await gateway.query(list(`first: 20, after: "${endCursor}"`, fields));
    expect(second.data.company.endCases).toMatchObject({ nodes: [], pageInfo: { hasNextPage: false } });
  });
});

it('drops the pages of a list that contradict each other once, and then shows the total of page 1', async () => {
  const { gateway, upstream } = await start(({ page }) =>
    page === 1 ? pageOf(1, 20, 41) : page === 2 ? pageOf(21, 20, 40) : pageOf(41, 0, 41),
  );
  const billed = await bills(gateway, list('first: 60'), 10);
  expect(billed.slice(4)).toEqual([0, 0, 0, 0, 0, 0]);
  expect(sum(billed)).toBe(upstream.calls.length);
  const { data } = await gateway.query(list('first: 60'));
  expect(data.company.endCases.totalCount).toBe(41);
  await expectAllRecorded(gateway, upstream);
});

it('drops older pages once where the list has grown', async () => {
  let total = 30;
  const { gateway, upstream } = await start(({ page }) => {
    const from = (page - 1) * 20 + 1;
    return pageOf(from, Math.max(0, Math.min(20, total - from + 1)), total);
  });
  await gateway.query(list('first: 20'));
  total = 45;
  const grown = await gateway.query(list('first: 50'));
  expect(grown.data.company.endCases.totalCount).toBe(45);
  const billed = await bills(gateway, list('first: 50'), 4);
  expect(billed).toEqual([1, 0, 0, 0]);
  const { data } = await gateway.query(list('first: 50'));
  expect(data.company.endCases.nodes).toHaveLength(45);
  await expectAllRecorded(gateway, upstream);
});

describe('a status that the gateway remembers', () => {
  const remembered = Object.entries(statuses).filter(([, rule]) => rule.rememberedFor !== undefined);

  it.each(remembered.map(([status, rule]) => [status, rule.code, rule.rememberedFor]))(
    '%s (%s) is billed once of three, and again after %s s',
    async (status, _, seconds) => {
      let time = Date.now();
      const { gateway, upstream } = await start(
        () => answer(String(status), { Result: null }),
        { BUDGET_PER_DAY: '1000' },
        () => time,
      );
      const query = '{ endCase(id: "case-1") { court } }';
      const codes = new Set<unknown>();
      for (let times = 0; times < 3; times += 1) {
        const { errors, extensions } = await gateway.query(query);
        codes.add(errors?.[0]?.extensions.code);
        expect(extensions.cost.billed).toBe(times === 0 ? 1 : 0);
        expect(extensions.cost.cached).toBe(times === 0 ? 0 : 1);
      }
      expect(codes.size).toBe(1);
      expect(upstream.calls).toHaveLength(1);
      time += Number(seconds) * 1000 + 1;
      await gateway.query(query);
      expect(upstream.calls).toHaveLength(2);
    },
  );

  it('205 says when to retry', async () => {
    const { gateway } = await start(() => answer('205'));
    const { errors } = await gateway.query('{ endCase(id: "case-1") { court } }');
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'UPSTREAM_PENDING', retryAfter: 5 });
  });

  it('122, which may be billed, is not retried', async () => {
    const { gateway, upstream } = await start(() => answer('122'));
    const { errors, extensions } = await gateway.query('{ endCase(id: "case-1") { court } }');
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'UPSTREAM_BUSY', upstream: { billed: null } });
    expect([upstream.calls.length, extensions.cost.maybeBilled]).toEqual([1, 1]);
  });
});

describe('an answer of status 200 that cannot serve', () => {
  it.each<[string, Script]>([
    ['a wrong shape', () => answer('200', { Result: 'none' })],
    ['more rows than a page has', () => pageOf(1, 21, 21)],
    ['pages of another size', () => pageOf(1, 10, 99, { PageSize: 10 })],
    ['another page in place of one that has rows', () => pageOf(1, 20, 99, { PageIndex: 1 })],
  ])('is billed once and repeated for an hour: %s', async (_, script) => {
    let time = Date.now();
    const { gateway, upstream } = await start(script, {}, () => time);
    const query = list('offset: 40, first: 20');
    const first = await gateway.query(query);
    expect(first.errors?.[0]?.extensions).toMatchObject({
      code: 'UPSTREAM_BAD_RESPONSE',
      retryable: true,
      upstream: { status: '200', billed: true },
    });
    expect(first.extensions.cost).toMatchObject({ billed: 1, maybeBilled: 0 });
    time += 600_000;
    expect(await bills(gateway, query, 7)).toEqual([0, 0, 0, 0, 0, 0, 0]);
    const again = await gateway.query(query);
    expect(again.errors?.[0]?.extensions.retryAfter).toBe(3000);
    expect(upstream.calls).toHaveLength(1);
    time += 3_000_001;
    await gateway.query(query);
    expect(upstream.calls).toHaveLength(2);
    await expectAllRecorded(gateway, upstream);
  });

  it('does not open the circuit of the connection', async () => {
    const { gateway, upstream } = await start(({ subject }) =>
      subject === 'good' ? detailOf('good') : answer('200', { Result: 'none' }),
    );
    for (let number = 0; number < 8; number += 1) {
      await gateway.query(`{ endCase(id: "case-${number}") { court } }`);
    }
    const { errors } = await gateway.query('{ endCase(id: "good") { court } }');
    expect([errors, upstream.calls.length]).toEqual([undefined, 9]);
  });
});

it('serves the other rows of a page where one has no Id, with an error that holds it', async () => {
  const { gateway, upstream } = await start(() =>
    answer('200', {
      Paging: { TotalRecords: 3 },
      Result: { VerifyResult: 1, Data: [row(1), { CaseNo: '(2020)浙1082执7号' }, row(3)] },
    }),
  );
  for (const billed of [1, 0]) {
    const { data, errors, extensions } = await gateway.query(
      list('first: 5', 'totalCount edges { node { id } }'),
    );
    expect(extensions.cost.billed).toBe(billed);
    expect(data.company.endCases).toEqual({
      totalCount: 3,
      edges: [{ node: { id: 'case-1' } }, { node: { id: 'case-3' } }],
    });
    expect(errors).toMatchObject([
      {
        path: ['company', 'endCases'],
        extensions: { code: 'UPSTREAM_DATA_INVALID', row: 2, raw: '{"CaseNo":"(2020)浙1082执7号"}' },
      },
    ]);
  }
  expect(upstream.calls).toHaveLength(1);
});

describe('a page past the end', () => {
  it('that QCC answers with the last page serves as that page', async () => {
    const { gateway, upstream } = await start(({ page }) =>
      page === 1 ? pageOf(1, 20, 25) : pageOf(21, 5, 25, { PageIndex: 2 }),
    );
    const past = await gateway.query(list('offset: 200, first: 5'));
    expect(past.errors).toBeUndefined();
    expect(past.data.company.endCases).toEqual({ totalCount: 25, nodes: [] });
    const second = await gateway.query(list('offset: 20, first: 20'));
    expect(second.data.company.endCases.nodes).toHaveLength(5);
    expect([second.extensions.cost.billed, upstream.calls.length]).toEqual([0, 1]);
  });
});

it('serves the rows of a short page at their places', async () => {
  const { gateway } = await start(({ page }) => pageOf((page - 1) * 20 + 1, page === 1 ? 18 : 20, 40));
  const { data, errors } = await gateway.query(list('first: 40'));
  expect(errors).toBeUndefined();
  expect(data.company.endCases.nodes).toHaveLength(38);
  expect(data.company.endCases.nodes[18]).toEqual({ id: 'case-21' });
});

it('buys no more than it was admitted with, whatever total QCC claims', async () => {
  let total = 100;
  const { gateway, upstream } = await start(
    ({ page }) => {
      total += 40;
      return pageOf((page - 1) * 20 + 1, 20, total);
    },
    { MAX_CALLS_PER_OPERATION: '10' },
  );
  await gateway.query(list('last: 5'));
  expect(upstream.calls.length).toBeLessThanOrEqual(10);
  await expectAllRecorded(gateway, upstream);
});

describe('an answer that no reader foresaw', () => {
  it('is billed and recorded, and serves what can be read', async () => {
    const nested = `${'['.repeat(8000)}${']'.repeat(8000)}`;
    const { gateway, upstream } = await start(
      () =>
        `{"Status":"200","OrderNumber":"ENDEXECUTECASECHECK2026112512000000000001","Result":{"Id":"case-1","Court":${nested},"CaseNo":"(2020)浙1082执7号"}}`,
      { BUDGET_PER_DAY: '3' },
    );
    const { data, errors, extensions } = await gateway.query('{ endCase(id: "case-1") { caseNo court } }');
    expect(data.endCase).toEqual({ caseNo: '(2020)浙1082执7号', court: null });
    expect(errors?.[0]?.extensions.code).toBe('UPSTREAM_DATA_INVALID');
    expect(extensions.cost.billed).toBe(1);
    expect(await ledgerOf(gateway)).toMatchObject({ calls: 1, billed: 1 });
    expect(upstream.calls).toHaveLength(1);
  });
});

describe('two spellings of one company', () => {
  const spellings = ['ABC（中国）公司', 'ａｂｃ(中国)公司'];

  it('cost one call in the estimate, in the budget and in a batch', async () => {
    const { gateway, upstream } = await start(() => pageOf(1, 3, 3), { BUDGET_PER_DAY: '1' });
    const query = `{ companies(searchKeys: ${JSON.stringify(spellings)}) { endCases { totalCount nodes { id } } } }`;
    const dryRun = await gateway.post({ query }, { headers: { 'x-cost-dry-run': '1' } });
    const { extensions } = (await dryRun.json()) as { extensions: { cost: { estimate: object } } };
    expect(extensions.cost.estimate).toEqual({ min: 1, max: 1 });
    const { data, errors } = await gateway.query(query);
    expect(errors).toBeUndefined();
    expect(
      data.companies.map((company: { endCases: { totalCount: number } }) => company.endCases.totalCount),
    ).toEqual([3, 3]);
    expect(upstream.calls).toHaveLength(1);
  });

  it.each([
    ['M²科技有限公司', 'M2科技有限公司'],
    ['①号仓储公司', '1号仓储公司'],
    ['㈱日本商事', '(株)日本商事'],
    ['½价超市公司', '1/2价超市公司'],
  ])('are two companies: %s and %s', async (one, other) => {
    const { gateway, upstream } = await start(({ subject }) => pageOf(1, 1, subject === one ? 1 : 1));
    for (const searchKey of [one, other]) {
      await gateway.query('query ($searchKey: String!) { company(searchKey: $searchKey) { hasEndCases } }', {
        searchKey,
      });
    }
    expect(upstream.calls.map(({ subject }) => subject)).toEqual([one, other]);
  });
});

it('knows an upstream with and without a final slash as one', async () => {
  const upstream = await startUpstream(() => detailOf('case-1'));
  const first = await startTestGateway({ env: upstream.env });
  await first.query('{ endCase(id: "case-1") { court } }');
  await first.stop();
  const { QCC_BASE_URL = '' } = upstream.env;
  const second = closeAfterTest(
    await startTestGateway({
      env: { ...upstream.env, QCC_BASE_URL: `${QCC_BASE_URL}/` },
      folder: first.folder,
    }),
  );
  const { extensions } = await second.query('{ endCase(id: "case-1") { court } }');
  expect([extensions.cost.cached, upstream.calls.length]).toEqual([1, 1]);
  await first.close();
});
