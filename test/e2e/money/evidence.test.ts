import { closeAfterTest } from '../../support/cleanup.js';
import {
  type Data,
  startTestGateway,
  type TestGateway,
  type TestGatewayOptions,
} from '../../support/gateway.js';
import {
  answer,
  detailOf,
  pageOf,
  row,
  type ScriptedCall,
  startUpstream,
} from '../../support/scripted-upstream.js';

const LIST = 'sandbox:rows:45';
const EVIDENCE = 'retrievedAt stale orderNumbers';
const HOUR = 3_600_000;
const NOON = Date.parse('2026-11-24T04:00:00Z');
const at = (time: number) => new Date(time).toISOString();

const start = async (options: TestGatewayOptions = {}) => closeAfterTest(await startTestGateway(options));
const windowOf = async (gateway: TestGateway, args: string, fields: string, key = LIST): Promise<Data> => {
  const { data, errors } = await gateway.query(
    `{ company(searchKey: "${key}") { endCases${args} { ${fields} } } }`,
  );
  expect(errors).toBeUndefined();
  return data.company.endCases;
};
const orders = ({ sandbox }: TestGateway) => sandbox.statistics.log.map(({ orderNumber }) => orderNumber);

describe.each([
  ['with the response cache', {}],
  ['without the response cache', { CACHE_RESPONSES: '0' }],
])('the evidence of a window, %s,', (_, env) => {
  it('is that of the pages that hold its cases, bought or cached, and stays over a restart', async () => {
    let time = NOON;
    const now = () => time;
    const gateway = await start({ env, now });
    await windowOf(gateway, '(first: 1)', 'nodes { id }');
    time += 1000;
    const fields = `${EVIDENCE} nodes { id }`;
    const two = await windowOf(gateway, '(first: 25)', fields);
    const [first, second] = orders(gateway);
    expect(two).toMatchObject({ retrievedAt: at(NOON), stale: false, orderNumbers: [first, second] });
    expect(await windowOf(gateway, '(first: 5, offset: 20)', fields)).toMatchObject({
      retrievedAt: at(NOON + 1000),
      orderNumbers: [second],
    });
    time += HOUR;
    for (let round = 0; round < 3; round++)
      expect(await windowOf(gateway, '(first: 25)', fields)).toEqual(two);
    await gateway.stop();
    const again = await start({ env, now, upstream: gateway.sandbox, folder: gateway.folder });
    for (let round = 0; round < 3; round++) expect(await windowOf(again, '(first: 25)', fields)).toEqual(two);
    expect(gateway.sandbox.statistics.total.calls).toBe(2);
  });

  it('is that of the page that gave the total, where the window has no case', async () => {
    let time = NOON;
    const gateway = await start({ env, now: () => time });
    await windowOf(gateway, '(first: 1, offset: 25)', 'nodes { id }');
    time += 1000;
    const [number] = orders(gateway);
    const expected = { retrievedAt: at(NOON), stale: false, orderNumbers: [number] };
    for (const args of ['(first: 0)', '(first: 5, offset: 100)', '(last: 0)', '']) {
      expect(await windowOf(gateway, args, `${EVIDENCE} totalCount`)).toEqual({
        ...expected,
        totalCount: 45,
      });
    }
    expect(await windowOf(gateway, '(first: 5, offset: 100)', `${EVIDENCE} nodes { id }`)).toEqual({
      ...expected,
      nodes: [],
    });
    expect(orders(gateway)).toHaveLength(1);
  });

  it('says whether an answer is past its TTL, since QCC fails', async () => {
    let time = NOON;
    let fails = false;
    const upstream = await startUpstream(({ page }) =>
      fails ? answer('203') : pageOf(page * 20 - 19, 20, 45),
    );
    const gateway = await start({ env: { ...env, ...upstream.env, CACHE_LIST_TTL: '1h' }, now: () => time });
    const fields = `${EVIDENCE} nodes { detail { court retrievedAt stale } }`;
    await windowOf(gateway, '(first: 1)', fields);
    time += HOUR + 1;
    fails = true;
    for (let round = 0; round < 3; round++) {
      expect(await windowOf(gateway, '(first: 1)', fields)).toMatchObject({
        retrievedAt: at(NOON),
        stale: true,
        nodes: [{ detail: { retrievedAt: at(NOON), stale: true } }],
      });
    }
  });
});

describe('evidence alone', () => {
  it.each([
    ['', EVIDENCE],
    ['(first: 0)', `${EVIDENCE} nodes { id }`],
    ['(last: 0)', 'orderNumbers edges { cursor }'],
    ['(first: 5, offset: 30)', 'stale'],
    ['(last: 5)', 'retrievedAt'],
  ])('of endCases%s { %s } costs what totalCount costs', async (args, fields) => {
    const gateway = await start();
    const query = `{ company(searchKey: "${LIST}") { endCases${args} { ${fields} } } }`;
    const dryRun = await gateway.post({ query }, { headers: { 'x-cost-dry-run': '1' } });
    expect(((await dryRun.json()) as Data).extensions.cost.estimate).toMatchObject({ min: 1, max: 1 });
    expect((await gateway.query(query)).extensions.cost.billed).toBe(1);
    expect((await gateway.query(query)).extensions.cost.billed).toBe(0);
  });

  it('costs nothing beside cases', async () => {
    const gateway = await start();
    const query = `{ company(searchKey: "${LIST}") { endCases(first: 5, offset: 25) { ${EVIDENCE} nodes { id } } } }`;
    expect((await gateway.query(query)).extensions.cost.calls).toMatchObject({ GetList: 1 });
  });

  it('of a company without cases is that of the answer that says so', async () => {
    const gateway = await start({ now: () => NOON });
    for (const key of ['sandbox:rows:0', '没有这家公司']) {
      const found = await windowOf(gateway, '', `${EVIDENCE} totalCount nodes { id }`, key);
      expect(found).toMatchObject({ retrievedAt: at(NOON), totalCount: 0, nodes: [] });
      expect(found.orderNumbers).toEqual(orders(gateway).slice(-1));
    }
  });
});

describe('the evidence of a detail', () => {
  const DETAIL = 'retrievedAt stale orderNumber';
  const script = ({ method, subject }: ScriptedCall) =>
    method === 'GetList' ? pageOf(1, 2, 2) : detailOf(subject, row(Number(subject.slice('case-'.length))));

  it('is that of GetDetail if it is bought or cached, else that of the page', async () => {
    let time = NOON;
    const gateway = await start({ now: () => time });
    const elided = await windowOf(gateway, '(first: 1)', `nodes { id detail { court ${DETAIL} } }`);
    const [page] = orders(gateway);
    expect(elided.nodes[0].detail).toMatchObject({ retrievedAt: at(NOON), stale: false, orderNumber: page });
    time += 1000;
    const bought = await windowOf(gateway, '(first: 1)', `nodes { detail { certificateNo ${DETAIL} } }`);
    const [, detail] = orders(gateway);
    const expected = { retrievedAt: at(NOON + 1000), stale: false, orderNumber: detail };
    expect(bought.nodes[0].detail).toMatchObject(expected);
    const cached = await windowOf(gateway, '(first: 1)', `nodes { detail { court ${DETAIL} } }`);
    expect(cached.nodes[0].detail).toMatchObject(expected);
    const { data } = await gateway.query(`{ endCase(id: "${elided.nodes[0].id}") { detail { ${DETAIL} } } }`);
    expect(data.endCase.detail).toEqual(expected);
    expect(orders(gateway)).toHaveLength(2);
  });

  it.each([
    ['before it', `a: detail { certificateNo } b: detail { court ${DETAIL} }`],
    ['after it', `b: detail { court ${DETAIL} } a: detail { certificateNo }`],
  ])('is that of GetDetail if another field of the operation buys it, %s', async (_, fields) => {
    const upstream = await startUpstream(script);
    const gateway = await start({ env: upstream.env });
    const { data, extensions } = await gateway.query(
      `{ company(searchKey: "某某公司") { endCases(first: 1) { orderNumbers nodes { ${fields} } } } }`,
    );
    const [{ b }] = data.company.endCases.nodes;
    expect(extensions.cost).toMatchObject({ billed: 2, elided: 0 });
    expect(b.orderNumber).toBe(
      extensions.cost.orderNumbers.find((number: string) => number !== data.company.endCases.orderNumbers[0]),
    );
  });

  it('is that of the page if the other field cannot buy it', async () => {
    const upstream = await startUpstream((call) =>
      call.method === 'GetList' ? script(call) : answer('117'),
    );
    const gateway = await start({ env: upstream.env });
    const { data, errors } = await gateway.query(
      `{ company(searchKey: "某某公司") { endCases(first: 1) { orderNumbers nodes {
           a: detail { certificateNo } b: detail { court ${DETAIL} } } } } }`,
    );
    const { orderNumbers, nodes } = data.company.endCases;
    expect(errors).toHaveLength(1);
    expect(nodes).toEqual([{ a: null, b: expect.objectContaining({ orderNumber: orderNumbers[0] }) }]);
  });

  it('comes through _entities', async () => {
    const gateway = await start();
    const { data } = await gateway.query(
      `query ($of: [_Any!]!) { _entities(representations: $of) {
         ... on Company { endCases(first: 1) { ${EVIDENCE} } } ... on EndCase { detail { ${DETAIL} } } } }`,
      {
        of: [
          { __typename: 'Company', searchKey: LIST },
          { __typename: 'EndCase', id: 'x' },
        ],
      },
    );
    expect(data._entities[0].endCases).toMatchObject({ stale: false, orderNumbers: [expect.any(String)] });
    // QCC has no such case.
    expect(data._entities[1]).toBeNull();
  });
});

it('evidence is the same for all requests that share a flight', async () => {
  const gateway = await start({ latency: 20 });
  const other = await start({ upstream: gateway.sandbox, folder: gateway.folder });
  const found = await Promise.all(
    Array.from({ length: 10 }, (_, index) =>
      windowOf(index % 2 ? gateway : other, '(first: 25)', `${EVIDENCE} nodes { id }`),
    ),
  );
  expect(new Set(found.map((window) => JSON.stringify(window))).size).toBe(1);
  expect(found[0].orderNumbers).toEqual(orders(gateway));
});
