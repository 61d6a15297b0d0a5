import { Cancelled, QccError, refusal, transmissionError } from '../../src/qcc/error.js';
import { retryDelay } from '../../src/upstream/retry.js';

const answered = (status: string) => refusal({ method: 'GetList', status, message: null, orderNumber: null });

describe('the decision to retry', () => {
  it.each<[string, unknown, number]>([
    ['a busy upstream, three attempts in all', answered('120'), 2],
    ['a concurrency limit, never: it may be billed', answered('122'), 0],
    ['a failure that was not billed, once', answered('203'), 1],
    ['a pending answer, never: each call is billed', answered('205'), 0],
    ['an unknown status, never', answered('299'), 0],
    [
      'a request that never left, three attempts in all',
      transmissionError('UPSTREAM_UNREACHABLE', '', { method: 'GetList', billed: false }),
      2,
    ],
    [
      'a request that may have left, never',
      transmissionError('UPSTREAM_TIMEOUT', '', { method: 'GetList', billed: null }),
      0,
    ],
    ['a cancelled call, never', new Cancelled(), 0],
    [
      'a call that an open circuit stopped, never',
      new QccError('UPSTREAM_UNREACHABLE', '', { called: false }),
      0,
    ],
  ])('is for %s', (_, error, retries) => {
    const delays = [1, 2, 3, 4].map((attempt) => retryDelay(error, attempt, 20_000, 1));
    expect(delays.filter((delay) => delay !== undefined)).toHaveLength(retries);
  });

  it('backs off exponentially, with jitter', () => {
    expect([1, 2].map((attempt) => retryDelay(answered('120'), attempt, 20_000, 1))).toEqual([300, 600]);
    expect(retryDelay(answered('120'), 1, 20_000, 0)).toBe(150);
  });

  it('fits three attempts into a short deadline', () => {
    expect([1, 2].map((attempt) => retryDelay(answered('120'), attempt, 400, 1))).toEqual([40, 80]);
  });
});
