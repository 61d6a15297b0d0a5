import { closeAfterTest } from '../../support/cleanup.js';
import { startTestGateway } from '../../support/gateway.js';
import {
  answer,
  detailOf,
  pageOf,
  row,
  type Script,
  startUpstream,
} from '../../support/scripted-upstream.js';

async function start(script: Script) {
  const upstream = await startUpstream(script);
  return { upstream, gateway: closeAfterTest(await startTestGateway({ env: upstream.env })) };
}

const list = (args: string, fields: string) =>
  `{ company(searchKey: "某某贸易有限公司") { hasEndCases endCases(${args}) { ${fields} } } }`;

/** Sends a query twice. The second time is free, and says the same, errors included. */
async function askTwice({ gateway, upstream }: Awaited<ReturnType<typeof start>>, query: string) {
  const first = await gateway.query(query);
  const calls = upstream.calls.length;
  const second = await gateway.query(query);
  expect([second.data, second.errors]).toEqual([first.data, first.errors]);
  expect([second.extensions.cost.billed, upstream.calls.length]).toEqual([0, calls]);
  const errors = first.errors?.map(
    ({ path, extensions }): Record<string, unknown> => ({ path, ...extensions }),
  );
  return { ...first, errors };
}

describe('the total of a list', () => {
  it.each([
    ['25', 25],
    ['25.0', 25],
    [' 25 ', 25],
    [25.0, 25],
  ])('%j is 25', async (TotalRecords, total) => {
    const { data, errors } = await askTwice(
      await start(() => pageOf(1, 20, 0, { TotalRecords })),
      list('first: 20', 'totalCount pageInfo { hasNextPage }'),
    );
    expect(errors).toBeUndefined();
    expect(data.company.endCases).toEqual({ totalCount: total, pageInfo: { hasNextPage: true } });
  });

  it.each(['', null, '-', '—'])('%j says nothing: the rows count', async (TotalRecords) => {
    const { data, errors } = await askTwice(
      await start(() => pageOf(1, 3, 0, { TotalRecords })),
      list('first: 20', 'totalCount nodes { id }'),
    );
    expect(errors).toBeUndefined();
    expect(data.company.endCases.totalCount).toBe(3);
  });

  it.each([[2 ** 31], ['4294967296'], [2 ** 53 - 1]])(
    '%j is past what totalCount holds: its largest number and an error show it',
    async (TotalRecords) => {
      const started = await start(() => pageOf(1, 20, 0, { TotalRecords }));
      const expected = {
        data: {
          company: {
            hasEndCases: true,
            endCases: {
              totalCount: 2_147_483_647,
              nodes: [{ id: 'case-1' }],
              pageInfo: { hasNextPage: true },
            },
          },
        },
        errors: [
          {
            path: ['company', 'endCases'],
            code: 'UPSTREAM_DATA_INVALID',
            raw: String(TotalRecords),
            retryable: false,
          },
        ],
      };
      const query = list('first: 1', 'totalCount nodes { id } pageInfo { hasNextPage }');
      expect(await askTwice(started, query)).toMatchObject(expected);
      // Now the summary of the list has the total, and no page is read.
      const alone = await askTwice(started, list('first: 0', 'totalCount'));
      expect(alone).toMatchObject({
        data: { company: { endCases: { totalCount: 2_147_483_647 } } },
        errors: expected.errors,
      });
    },
  );

  it('past row 5,000 pages as far as paging reaches', async () => {
    const { gateway } = await start(({ page }) => pageOf((page - 1) * 20 + 1, 20, 2 ** 40));
    const { data } = await gateway.query(list('last: 1', 'nodes { id } pageInfo { hasNextPage }'));
    expect(data.company.endCases).toEqual({
      nodes: [{ id: 'case-5000' }],
      pageInfo: { hasNextPage: false },
    });
  });

  it.each([[-1], [2.5], ['twenty'], ['99999999999999999999'], [{ count: 25 }]])(
    '%j cannot be read: the rows are served, and an error has it',
    async (TotalRecords) => {
      const { data, errors } = await askTwice(
        await start(() => pageOf(1, 3, 0, { TotalRecords })),
        list('first: 20', 'totalCount nodes { id }'),
      );
      expect(data.company).toEqual({
        hasEndCases: true,
        endCases: { totalCount: 3, nodes: [{ id: 'case-1' }, { id: 'case-2' }, { id: 'case-3' }] },
      });
      const raw = typeof TotalRecords === 'object' ? '{"count":25}' : String(TotalRecords);
      expect(errors).toMatchObject([
        { path: ['company', 'endCases'], code: 'UPSTREAM_DATA_INVALID', raw, retryable: false },
      ]);
    },
  );

  it('cannot be read either where the list is empty', async () => {
    const { data, errors } = await askTwice(
      await start(() => pageOf(1, 0, 0, { TotalRecords: -1 })),
      list('first: 20', 'totalCount nodes { id }'),
    );
    expect(data.company.endCases).toEqual({ totalCount: 0, nodes: [] });
    expect(errors).toMatchObject([{ code: 'UPSTREAM_DATA_INVALID', raw: '-1' }]);
  });

  it('is not missed by a query that does not select it', async () => {
    const { errors } = await askTwice(
      await start(() => pageOf(1, 3, 0, { TotalRecords: -1 })),
      list('first: 20', 'nodes { id }'),
    );
    expect(errors).toBeUndefined();
  });

  it('may be missing from every page of a long list', async () => {
    const { gateway, upstream } = await start(({ page }) =>
      pageOf((page - 1) * 20 + 1, page < 5 ? 20 : 7, 0, { TotalRecords: null }),
    );
    const { data, errors } = await gateway.query(list('first: 100', 'totalCount nodes { id }'));
    expect(errors).toBeUndefined();
    expect([data.company.endCases.totalCount, data.company.endCases.nodes.length]).toEqual([87, 87]);
    expect(upstream.calls).toHaveLength(5);
  });

  it('may be missing, and the list can still be walked to its end', async () => {
    const { gateway } = await start(({ page }) =>
      page < 3 ? pageOf((page - 1) * 20 + 1, 20, 0, { TotalRecords: null }) : answer('201'),
    );
    const pages: [number, boolean][] = [];
    for (const offset of [0, 20, 40]) {
      const { data } = await gateway.query(
        list(`first: 20, offset: ${offset}`, 'nodes { id } pageInfo { hasNextPage }'),
      );
      const { nodes, pageInfo } = data.company.endCases;
      pages.push([nodes.length, pageInfo.hasNextPage]);
    }
    expect(pages).toEqual([
      [20, true],
      [20, true],
      [0, false],
    ]);
  });
});

describe('where a list should be', () => {
  it.each<[string, object]>([
    ['Paging is null and Data is null', { Paging: null, Result: { VerifyResult: 0, Data: null } }],
    ['Paging is absent and Data is empty', { Result: { VerifyResult: '0', Data: [] } }],
    ['Data is absent', { Paging: { TotalRecords: 0 }, Result: { VerifyResult: 0 } }],
    ['everything is an empty text', { Paging: '', Result: { VerifyResult: 0, Data: '' } }],
    ['the Result is null', { Paging: null, Result: null }],
  ])('%s, the company has no cases', async (_, body) => {
    const { data, errors, extensions } = await askTwice(
      await start(() => answer('200', body)),
      list('first: 20', 'totalCount nodes { id }'),
    );
    expect(errors).toBeUndefined();
    expect(extensions.cost.billed).toBe(1);
    expect(data.company).toEqual({ hasEndCases: false, endCases: { totalCount: 0, nodes: [] } });
  });

  it('a row of an odd shape is an error at its place', async () => {
    const { data, errors } = await askTwice(
      await start(() =>
        answer('200', { Result: { VerifyResult: 1, Data: [row(1), null, 'row', { Id: '-' }, { Id: 5 }] } }),
      ),
      list('first: 20', 'nodes { id }'),
    );
    expect(data.company.endCases.nodes).toEqual([{ id: 'case-1' }, { id: '5' }]);
    expect(errors?.map(({ row: number, raw }) => [number, raw])).toEqual([
      [2, 'null'],
      [3, '"row"'],
      [4, '{"Id":"-"}'],
    ]);
  });
});

const FIELDS = 'caseNo court filingDate endDate enforcementAmount unperformedAmount';

describe('a case', () => {
  it.each(['', '-', '--', '—', ' — ', null])('has null wherever QCC sends %j', async (nothing) => {
    const names = ['CaseNo', 'Court', 'LianDate', 'EndDate', 'ExecuteSubject', 'UnperformedAmt', 'CerNo'];
    const fields = Object.fromEntries(names.map((name) => [name, nothing]));
    const { data, errors } = await askTwice(
      await start(() => detailOf('case-1', { ...fields, OwnerInfo: { KeyNo: nothing, Name: nothing } })),
      `{ endCase(id: "case-1") { id ${FIELDS} detail { certificateNo judgmentDebtor { name } } } }`,
    );
    expect(errors).toBeUndefined();
    const { detail, id, ...values } = data.endCase;
    expect([id, ...Object.values(values)]).toEqual(['case-1', null, null, null, null, null, null]);
    expect(detail).toEqual({ certificateNo: null, judgmentDebtor: null });
  });

  it('has null for days in Shanghai that stand for no date', async () => {
    const { data, errors } = await askTwice(
      await start(() =>
        detailOf('case-1', { LianDate: '1969-12-31T16:00:00Z', EndDate: '0001-01-01T00:00:00' }),
      ),
      '{ endCase(id: "case-1") { filingDate endDate } }',
    );
    expect(errors).toBeUndefined();
    expect(data.endCase).toEqual({ filingDate: null, endDate: null });
  });

  it.each([
    ['LianDate', 'filingDate', '9999-12-31T16:00:00Z'],
    ['EndDate', 'endDate', ' 2019年7月 '],
    ['ExecuteSubject', 'enforcementAmount', '约三百万元'],
    ['UnperformedAmt', 'unperformedAmount', '1,000'],
  ])('has null and an error with the text for a %s that cannot be read', async (name, field, text) => {
    const { data, errors } = await askTwice(
      await start(() => detailOf('case-1', { [name]: text })),
      `{ endCase(id: "case-1") { id ${field} } }`,
    );
    expect(data.endCase).toEqual({ id: 'case-1', [field]: null });
    expect(errors).toMatchObject([{ path: ['endCase', field], code: 'UPSTREAM_DATA_INVALID', raw: text }]);
  });
});

describe('a case that QCC does not know', () => {
  it.each<[string, object]>([
    ['status 201', answer('201', { Result: null })],
    ['a Result of null', answer('200', { Result: null })],
    ['no Result', answer('200')],
    ['an empty Result', answer('200', { Result: {} })],
    ['an empty list', answer('200', { Result: [] })],
    ['an empty text', answer('200', { Result: '' })],
    [
      'a Result without values',
      answer('200', { Result: { Id: '', CaseNo: null, OwnerInfo: {}, CerNo: '-' } }),
    ],
  ])('is null, and is not bought again, by %s', async (_, body) => {
    const started = await start(() => body);
    const { data, errors, extensions } = await askTwice(started, '{ endCase(id: "case-1") { id court } }');
    expect([data, errors, extensions.cost.billed]).toEqual([{ endCase: null }, undefined, 1]);
    const { usage } = (await started.gateway.query('{ usage { total { calls billed } } }')).data;
    expect(usage.total).toEqual({ calls: 1, billed: 1 });
  });

  it('is another one than a case of which only the id is known', async () => {
    const { data } = await askTwice(
      await start(() => answer('200', { Result: { Id: 'case-1' } })),
      '{ endCase(id: "case-1") { id court } }',
    );
    expect(data.endCase).toEqual({ id: 'case-1', court: null });
  });
});

describe('the judgment debtor', () => {
  const query = '{ endCase(id: "case-1") { court detail { judgmentDebtor { keyNo name } } } }';
  const debtor = { KeyNo: 'g'.padEnd(32, '0'), Name: '某某' };

  it.each<[string, unknown]>([
    ['an object', debtor],
    ['a list of one', [debtor]],
  ])('may be %s', async (_, OwnerInfo) => {
    const { data, errors } = await askTwice(await start(() => detailOf('case-1', { OwnerInfo })), query);
    expect(errors).toBeUndefined();
    expect(data.endCase.detail.judgmentDebtor).toEqual({ keyNo: debtor.KeyNo, name: debtor.Name });
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['an empty text', ''],
    ['a dash', '-'],
    ['an empty object', {}],
    ['an empty list', []],
    ['a list of an empty object', [{}]],
    ['an object of empty texts', { KeyNo: '', Name: '—' }],
  ])('is null where OwnerInfo is %s', async (_, OwnerInfo) => {
    const { data, errors } = await askTwice(await start(() => detailOf('case-1', { OwnerInfo })), query);
    expect([data.endCase.detail, errors]).toEqual([{ judgmentDebtor: null }, undefined]);
  });

  it.each<[string, unknown]>([
    ['a list of two', [debtor, { KeyNo: '', Name: '某' }]],
    ['a text', '"某某"'],
    ['a number', 7],
  ])('is null, with an error that has all of it, where OwnerInfo is %s', async (_, OwnerInfo) => {
    const { data, errors } = await askTwice(
      await start(() => detailOf('case-1', { OwnerInfo, Court: '临海市人民法院' })),
      query,
    );
    expect(data.endCase).toEqual({ court: '临海市人民法院', detail: { judgmentDebtor: null } });
    expect(errors).toMatchObject([
      {
        path: ['endCase', 'detail', 'judgmentDebtor'],
        code: 'UPSTREAM_DATA_INVALID',
        raw: JSON.stringify(OwnerInfo),
      },
    ]);
  });
});

it.each(['A+B&C=D#E%20公司', '某某 (中国) 公司', '阿·凡提《书》—公司', '𠮷野家公司', '\ue000企业公司'])(
  'QCC gets a name as it was typed: %s',
  async (name) => {
    const { gateway, upstream } = await start(() => pageOf(1, 1, 1));
    const query = 'query ($name: String!) { company(searchKey: $name) { hasEndCases } }';
    expect((await gateway.query(query, { name })).data.company.hasEndCases).toBe(true);
    expect(upstream.calls.map(({ subject }) => subject)).toEqual([name]);
    // Not every server reads + as a space.
    expect(upstream.calls[0]?.query).toMatch(/^[\w.~*%&=-]+$/);
  },
);
