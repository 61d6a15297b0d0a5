import { closeAfterTest } from '../../support/cleanup.js';
import {
  type GraphResponse,
  jsonOf,
  startTestGateway,
  type TestGateway,
  type TestGatewayOptions,
} from '../../support/gateway.js';
import { priceVariables } from '../../support/price-variables.js';
import { answer, detailOf, pageOf, startUpstream } from '../../support/scripted-upstream.js';
import { waitUntil } from '../../support/wait-until.js';

const LIST = 'sandbox:rows:45';
const FIVE_DETAILS = `{ company(searchKey: "${LIST}") { endCases(first: 5) { nodes { detail { certificateNo } } } } }`;

const start = async (options: TestGatewayOptions = {}) => closeAfterTest(await startTestGateway(options));
const ask = async (
  gateway: TestGateway,
  query: string,
  limit?: string,
  more: Record<string, string> = {},
): Promise<GraphResponse> => {
  const headers = { ...(limit === undefined ? {} : { 'x-cost-limit': limit }), ...more };
  return jsonOf(await gateway.post({ query }, { headers }));
};
const codes = ({ errors = [] }: GraphResponse) => errors.map(({ extensions }) => extensions.code);
const details = ({ data }: GraphResponse): unknown[] =>
  data.company.endCases.nodes.map(({ detail }: { detail: unknown }) => detail);

describe.each([
  ['with the response cache', {}],
  ['without the response cache', { CACHE_RESPONSES: '0' }],
])('x-cost-limit, %s,', (_, env) => {
  it.each(['', '-1', '1.5', 'ten', '1e3', '5, 5'])('refuses "%s" before any call', async (limit) => {
    const gateway = await start({ env });
    const response = await ask(gateway, FIVE_DETAILS, limit);
    expect([response.data, codes(response)]).toEqual([null, ['BAD_USER_INPUT']]);
    expect(response.errors?.[0]?.message).toMatch(/x-cost-limit must be a whole number/);
    expect(gateway.sandbox.statistics.total.calls).toBe(0);
  });

  it('refuses an empty value though an equal request without the header is answered from memory', async () => {
    const gateway = await start({ env });
    for (let round = 0; round < 3; round++) await ask(gateway, FIVE_DETAILS);
    expect(codes(await ask(gateway, FIVE_DETAILS, ''))).toEqual(['BAD_USER_INPUT']);
  });

  it('of 0 answers what is held, and refuses the rest', async () => {
    const gateway = await start({ env });
    const refused = await ask(gateway, FIVE_DETAILS, '0');
    expect([refused.data, codes(refused)]).toEqual([null, ['COST_LIMIT_EXCEEDED']]);
    expect(refused.errors?.[0]?.extensions).toEqual({
      code: 'COST_LIMIT_EXCEEDED',
      limit: 0,
      estimate: { min: 1, max: 6 },
      retryable: false,
    });
    expect(gateway.sandbox.statistics.total.calls).toBe(0);
    await ask(gateway, FIVE_DETAILS);
    for (let round = 0; round < 3; round++) {
      const held = await ask(gateway, FIVE_DETAILS, '0');
      expect([codes(held), details(held).length, held.extensions.cost.billed]).toEqual([[], 5, 0]);
    }
    expect(codes(await ask(gateway, FIVE_DETAILS.replace('first: 5', 'first: 6'), '0'))).toEqual([
      'COST_LIMIT_EXCEEDED',
    ]);
    expect(gateway.sandbox.statistics.total.calls).toBe(6);
  });

  it('buys so many answers, and nulls the fields that need more', async () => {
    const gateway = await start({ env });
    const some = await ask(gateway, FIVE_DETAILS, '3');
    expect(details(some).filter((detail) => detail !== null)).toHaveLength(2);
    expect(codes(some)).toEqual(Array(3).fill('COST_LIMIT_EXCEEDED'));
    expect(some.errors?.[0]?.path).toEqual(['company', 'endCases', 'nodes', expect.any(Number), 'detail']);
    expect(some.errors?.[0]?.extensions).toMatchObject({ limit: 3, estimate: { min: 1, max: 6 } });
    expect(gateway.sandbox.statistics.total.billed).toBe(3);
    // The rest fits into the next request.
    const rest = await ask(gateway, FIVE_DETAILS, '3');
    expect([codes(rest), rest.extensions.cost.billed]).toEqual([[], 3]);
  });

  it('holds beside MAX_CALLS_PER_OPERATION: the lower of the two counts', async () => {
    const gateway = await start({ env: { ...env, MAX_CALLS_PER_OPERATION: '4' } });
    const higher = await ask(gateway, FIVE_DETAILS, '5');
    expect(higher.errors?.[0]?.extensions).toMatchObject({ code: 'COST_LIMIT_EXCEEDED', limit: 4 });
    expect(higher.errors?.[0]?.message).toMatch(/MAX_CALLS_PER_OPERATION/);
    expect(gateway.sandbox.statistics.total.calls).toBe(0);
    const lower = await ask(gateway, FIVE_DETAILS, '3');
    expect([lower.extensions.cost.billed, codes(lower).length]).toEqual([3, 3]);
  });

  it('bounds the estimate of a dry run', async () => {
    const gateway = await start({
      env: { ...env, ...priceVariables({ GetList: '0.3', GetDetail: '1.25' }) },
    });
    const estimateFor = async (limit?: string) => {
      const { errors, extensions } = await ask(gateway, FIVE_DETAILS, limit, { 'x-cost-dry-run': '1' });
      expect(errors?.map((error) => error.extensions)).toEqual([
        { code: 'DRY_RUN', retryable: false, estimate: extensions.cost.estimate },
      ]);
      return extensions.cost.estimate;
    };
    expect(await estimateFor()).toEqual({ min: 1, max: 6, minAmount: '0.3', maxAmount: '6.55' });
    expect(await estimateFor('3')).toEqual({ min: 1, max: 3, minAmount: '0.3', maxAmount: '3.75' });
    expect(await estimateFor('0')).toEqual({ min: 1, max: 6, minAmount: '0.3', maxAmount: '6.55' });
    const wrong = await ask(gateway, FIVE_DETAILS, 'x', { 'x-cost-dry-run': '1' });
    expect(codes(wrong)).toEqual(['BAD_USER_INPUT']);
    expect(gateway.sandbox.statistics.total.calls).toBe(0);
  });
});

describe('x-cost-limit', () => {
  const query = `{ endCase(id: "first") { court }
    company(searchKey: "某某公司") { endCases(first: 1) { nodes { detail { certificateNo } } } } }`;

  it.each([
    ['gives back what QCC does not bill', '117', 'unsupported', [] as string[]],
    ['counts what may have been billed', '299', 'failure', ['COST_LIMIT_EXCEEDED']],
  ])('%s', async (_, status, __, refused) => {
    let gateway: TestGateway | undefined;
    const isCounted = async () => {
      const text = await (await fetch(new URL('/metrics', gateway?.url))).text();
      return text.includes(`status="${status}"`);
    };
    const upstream = await startUpstream(async ({ method, subject }) => {
      if (method === 'GetDetail') return subject === 'first' ? answer(status) : detailOf(subject);
      await waitUntil(isCounted, 'the first answer has come');
      return pageOf(1, 1, 1);
    });
    gateway = await start({ env: upstream.env });
    const response = await ask(gateway, query, '2');
    expect(codes(response).filter((code) => code === 'COST_LIMIT_EXCEEDED')).toEqual(refused);
    expect(upstream.calls).toHaveLength(3 - refused.length);
  });

  it('counts through _entities', async () => {
    const gateway = await start();
    const response = await gateway.post(
      {
        query: 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on EndCase { court } } }',
        variables: { of: ['a', 'b', 'c'].map((id) => ({ __typename: 'EndCase', id })) },
      },
      { headers: { 'x-cost-limit': '2' } },
    );
    expect(codes(await jsonOf(response))).toEqual(['COST_LIMIT_EXCEEDED']);
    expect(gateway.sandbox.statistics.total.calls).toBe(0);
  });

  it('of one request is not that of another that waits for the same answers, nor of one in another instance', async () => {
    const one = await start({ latency: 5 });
    const other = await start({ upstream: one.sandbox, folder: one.folder });
    const responses = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        ask(index % 2 ? one : other, FIVE_DETAILS, index % 4 < 2 ? '1' : undefined),
      ),
    );
    responses.forEach((response, index) => {
      if (index % 4 >= 2) expect([codes(response), details(response).includes(null)]).toEqual([[], false]);
      expect(response.extensions.cost.billed).toBeLessThanOrEqual(index % 4 < 2 ? 1 : 6);
    });
    expect(one.sandbox.statistics.total.billed).toBe(6);
  });
});
