import { statuses } from '../../../src/qcc/statuses.js';
import { startTestGateway, type TestGateway } from '../../support/gateway.js';

const METHODS = ['GetList', 'GetDetail'] as const;

/** The error table of docs/errors.md, independent of the code: code, billed, retryable, retryAfter, attempts made. */
const TABLE: Record<string, [string, boolean | null, boolean, number | 'day' | undefined, number]> = {};
const put = (list: string, ...row: (typeof TABLE)[string]) => {
  for (const status of list.split(' ')) TABLE[status] = row;
};
put('202 208 213 215 218 219', 'BAD_USER_INPUT', true, false, undefined, 1);
put('223 224', 'BAD_USER_INPUT', false, false, undefined, 1);
put('205', 'UPSTREAM_PENDING', true, true, 5, 1);
put('207 209', 'UPSTREAM_LIMIT_EXCEEDED', true, false, undefined, 1);
put('110', 'UPSTREAM_COOLDOWN', true, true, 7200, 1);
put('105', 'UPSTREAM_UNSUPPORTED', true, false, undefined, 1);
put('113 114 117 118', 'UPSTREAM_UNSUPPORTED', false, false, undefined, 1);
put('101 103 104 106 107 108 111 115 119 121 214', 'UPSTREAM_FORBIDDEN', false, false, undefined, 1);
put('102 112', 'UPSTREAM_QUOTA_EXHAUSTED', false, false, undefined, 1);
put('109 116', 'UPSTREAM_QUOTA_EXHAUSTED', false, true, 'day', 1);
put('120', 'UPSTREAM_BUSY', false, true, undefined, 3);
put('122', 'UPSTREAM_BUSY', null, true, undefined, 1);
put('199 203', 'UPSTREAM_FAILURE', false, true, undefined, 2);
put('123 204 299 999', 'UPSTREAM_FAILURE', null, true, undefined, 1);

/** Longer than any circuit stays open, and any answer or refusal is remembered. */
const STEP = 30 * 86_400_000;

let gateway: TestGateway;
let time = Date.now();
beforeAll(async () => {
  gateway = await startTestGateway({ now: () => time, env: { QCC_TIMEOUT: '1m' } });
});
afterAll(() => gateway.close());
beforeEach(() => {
  time += STEP;
  gateway.sandbox.statistics.reset();
});

const ask = (method: (typeof METHODS)[number], card: string) =>
  method === 'GetList'
    ? gateway.query(`{ answer: company(searchKey: "${card}") { searchKey endCases { totalCount } } }`)
    : gateway.query(`{ answer: endCase(id: "${card}") { court } }`);

describe('the table of statuses', () => {
  it('has every code of tables 7.1 and 7.2, and the tests below cover it', () => {
    const documented = [
      ...'200 201 202 205 207 208 209 213 215 218 219 105 110'.split(' '),
      ...'101 102 103 104 106 107 108 109 111 112 113 114 115 116 117 118 119 120 121 199 203 214 223 224'.split(
        ' ',
      ),
    ];
    expect(new Set(Object.keys(statuses))).toEqual(new Set([...documented, '122']));
    const tested = Object.keys(TABLE).filter((status) => status in statuses);
    expect(new Set(tested)).toEqual(
      new Set(Object.keys(statuses).filter((status) => !/^20[01]$/.test(status))),
    );
  });
});

describe.each(METHODS)('%s', (method) => {
  it.each(Object.entries(TABLE))('maps status %s as the table says, at that cost', async (status, row) => {
    const [code, billed, retryable, retryAfter, attempts] = row;
    const { data, errors } = await ask(method, `sandbox:status:${status}`);
    expect(data.answer?.endCases ?? null).toBeNull();
    expect(errors).toHaveLength(1);
    expect(errors?.[0]?.path).toEqual(method === 'GetList' ? ['answer', 'endCases'] : ['answer']);
    const { upstream, ...rest } = errors?.[0]?.extensions ?? {};
    expect(upstream).toEqual({
      method,
      status,
      message: expect.stringMatching(/^【[有无]效请求】/),
      orderNumber: expect.stringMatching(/^ENDEXECUTECASECHECK\d{22}$/),
      billed,
    });
    const wait = retryAfter === 'day' ? expect.any(Number) : retryAfter;
    expect(rest).toEqual({ code, retryable, ...(wait === undefined ? {} : { retryAfter: wait }) });
    expect(gateway.sandbox.statistics[method]).toEqual({
      calls: attempts,
      billed: billed ? attempts : 0,
      maybeBilled: billed === null ? attempts : 0,
    });
    expect(gateway.sandbox.statistics.total.calls).toBe(attempts);
  });

  it('takes 201 as an answer: there are no cases', async () => {
    const { data, errors } = await ask(method, 'sandbox:status:201');
    expect(errors).toBeUndefined();
    if (method === 'GetList') expect(data.answer.endCases.totalCount).toBe(0);
    else expect(data.answer).toBeNull();
  });

  it('accepts a numeric Status and a missing Result', async () => {
    const numeric = await ask(method, 'sandbox:numeric-status');
    expect(numeric.errors).toBeUndefined();
    expect(numeric.data.answer).not.toBeNull();
    const nothing = await ask(method, 'sandbox:null-result');
    expect(nothing.errors).toBeUndefined();
  });

  it('retries a busy upstream, with three attempts in all', async () => {
    const { errors } = await ask(method, 'sandbox:busy-twice');
    expect(errors).toBeUndefined();
    expect(gateway.sandbox.statistics[method]).toEqual({ calls: 3, billed: 1, maybeBilled: 0 });
  });
});
