import { amountOf } from '../../../src/ledger/price.js';
import { closeAfterTest } from '../../support/cleanup.js';
import { jsonOf, startTestGateway, type TestGateway } from '../../support/gateway.js';
import { priceVariables } from '../../support/price-variables.js';

const SAMPLE = '浙江省临海标准件工业公司';
const PRICES = priceVariables({ GetList: '0.3', GetDetail: '1.25' });

let gateway: TestGateway;
const start = async (env: Record<string, string> = {}) => {
  gateway = closeAfterTest(await startTestGateway({ env }));
};

const ask = async (query: string) => {
  const response = await gateway.post({ query });
  return { cost: (await jsonOf(response)).extensions?.cost, headers: response.headers };
};

describe('the cost of a request', () => {
  it("is on its response, with QCC's order numbers", async () => {
    await start(PRICES);
    const { cost, headers } = await ask(
      `{ company(searchKey: "${SAMPLE}") { endCases(first: 3) { nodes { court detail { certificateNo } } } } }`,
    );
    const orders = gateway.sandbox.statistics.log.map(({ orderNumber }) => orderNumber);
    expect({ ...cost, orderNumbers: [...cost.orderNumbers].sort() }).toEqual({
      billed: 4,
      maybeBilled: 0,
      calls: expect.objectContaining({ GetList: 1, GetDetail: 3 }),
      cached: 0,
      shared: 0,
      stale: 0,
      elided: 0,
      orderNumbers: orders.sort(),
      amount: '4.05',
    });
    expect([headers.get('x-cost-billed'), headers.get('x-cost-amount')]).toEqual(['4', '4.05']);
  });

  it('distinguishes what was billed, what may have been billed, and what was avoided', async () => {
    await start();
    const { cost, headers } = await ask(
      `{ unknown: endCase(id: "sandbox:status:299") { court } reset: endCase(id: "sandbox:reset") { court }
         none: endCase(id: "nobody") { court } refused: endCase(id: "sandbox:status:224") { court }
         company(searchKey: "${SAMPLE}") { endCases(first: 2) { nodes { detail { court } } } } }`,
    );
    expect(cost).toMatchObject({
      billed: 2,
      maybeBilled: 2,
      elided: 2,
      calls: { GetList: 1, GetDetail: 4 },
    });
    expect(cost.orderNumbers).toHaveLength(4);
    expect(cost).not.toHaveProperty('amount');
    expect([headers.get('x-cost-maybe-billed'), headers.get('x-cost-amount')]).toEqual(['2', null]);
    const { billed, maybeBilled } = gateway.sandbox.statistics.total;
    expect([cost.billed, cost.maybeBilled]).toEqual([billed, maybeBilled]);
  });

  it('counts each attempt, and a repeated refusal as cached', async () => {
    await start();
    expect((await ask('{ endCase(id: "sandbox:busy-twice") { court } }')).cost).toMatchObject({
      billed: 1,
      calls: { GetDetail: 3 },
    });
    await ask('{ endCase(id: "sandbox:status:208") { court } }');
    expect((await ask('{ endCase(id: "sandbox:status:208") { court } }')).cost).toMatchObject({
      billed: 0,
      cached: 1,
      calls: { GetDetail: 0 },
      orderNumbers: [],
    });
  });

  it('is on refused requests too, as zero', async () => {
    await start();
    expect((await ask('{ nothing }')).cost).toMatchObject({ billed: 0, calls: { GetList: 0, GetDetail: 0 } });
  });

  it('is in the headers only where the extension is off', async () => {
    await start({ COST_EXTENSION: 'off' });
    const { cost, headers } = await ask('{ endCase(id: "nobody") { court } }');
    expect([cost, headers.get('x-cost-billed')]).toEqual([undefined, '1']);
  });
});

describe('amounts', () => {
  it('are exact', () => {
    expect(amountOf(new Map([['GetList', 3]]), { GetList: '0.1', GetDetail: '6' })).toBe('0.3');
    expect(amountOf(new Map(), { GetList: '0.1', GetDetail: '6' })).toBe('0');
  });
});
