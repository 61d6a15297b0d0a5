import { Cancelled, QccError, refusal, transmissionError } from '../../src/qcc/error.js';
import { Cancellation } from '../../src/qcc/wire/cancellation.js';
import { ConcurrencyLimit } from '../../src/upstream/concurrency-limit.js';
import { Circuit } from '../../src/upstream/policy/circuit.js';
import { retryDelay } from '../../src/upstream/retry.js';

const answered = (status: string) => refusal({ method: 'GetList', status, message: null, orderNumber: null });

describe('the decision to ask again', () => {
  it.each<[string, unknown, number]>([
    ['a busy upstream, three attempts in all', answered('120'), 2],
    ['a concurrency limit, likewise', answered('122'), 2],
    ['a failure that was not billed, once', answered('203'), 1],
    ['a pending answer, never: each asking is billed', answered('205'), 0],
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
    ['an asker who left, never', new Cancelled(), 0],
    ['a call that a circuit stopped, never', new QccError('UPSTREAM_UNREACHABLE', '', { asked: false }), 0],
  ])('is for %s', (_, error, retries) => {
    const delays = [1, 2, 3, 4].map((attempt) => retryDelay(error, attempt, 20_000, 1));
    expect(delays.filter((delay) => delay !== undefined)).toHaveLength(retries);
  });

  it('waits longer each time, and not all at the same moment', () => {
    expect([1, 2].map((attempt) => retryDelay(answered('120'), attempt, 20_000, 1))).toEqual([300, 600]);
    expect(retryDelay(answered('120'), 1, 20_000, 0)).toBe(150);
  });

  it('fits three attempts into a short deadline', () => {
    expect([1, 2].map((attempt) => retryDelay(answered('120'), attempt, 400, 1))).toEqual([40, 80]);
  });
});

describe('a circuit', () => {
  let now = 0;
  const error = answered('103');
  const bad = { kind: 'bad', error, span: 60_000 } as const;
  beforeEach(() => {
    now = 0;
  });

  it('opens for its span, then lets one probe through', () => {
    const circuit = new Circuit(() => now);
    circuit.enter()(bad);
    expect([circuit.refuses, circuit.openedBy]).toEqual([true, error]);
    now = 60_000;
    expect(circuit.refuses).toBe(false);
    const probe = circuit.enter();
    expect(circuit.refuses).toBe(true);
    probe({ kind: 'good' });
    expect([circuit.refuses, circuit.openedBy]).toEqual([false, undefined]);
  });

  it('doubles its span with each failed probe, up to 15 minutes', () => {
    const circuit = new Circuit(() => now);
    const spans: number[] = [];
    for (let probe = 0; probe < 7; probe++) {
      circuit.enter()(bad);
      spans.push(circuit.secondsToProbe);
      now += circuit.secondsToProbe * 1000;
    }
    expect(spans).toEqual([60, 120, 240, 480, 900, 900, 900]);
  });

  it('is not prolonged by calls that had left before it opened, nor closed by them', () => {
    const circuit = new Circuit(() => now);
    const [first, second, third] = [circuit.enter(), circuit.enter(), circuit.enter()];
    first(bad);
    now = 30_000;
    second(bad);
    third({ kind: 'good' });
    expect([circuit.refuses, circuit.secondsToProbe]).toEqual([true, 30]);
  });

  it('probes again where a probe told nothing', () => {
    const circuit = new Circuit(() => now);
    circuit.enter()(bad);
    now = 60_000;
    circuit.enter()({ kind: 'silent' });
    expect([circuit.refuses, circuit.openedBy]).toEqual([false, error]);
  });
});

describe('slots', () => {
  it('go in turn to the operations that wait', async () => {
    const slots = new ConcurrencyLimit(1, 60_000);
    const [a, b] = [{}, {}];
    const order: string[] = [];
    await slots.take(a);
    const waiting = [
      ...['a1', 'a2', 'a3'].map((name) => slots.take(a).then(() => order.push(name))),
      ...['b1', 'b2'].map((name) => slots.take(b).then(() => order.push(name))),
    ];
    for (const _ of waiting) slots.release(1);
    await Promise.all(waiting);
    expect(order).toEqual(['a1', 'b1', 'a2', 'b2', 'a3']);
  });

  it('are not waited for by whoever has left', async () => {
    const slots = new ConcurrencyLimit(1, 60_000);
    const gone = new Cancellation();
    await slots.take({});
    const left = slots.take({}, gone);
    gone.cancel();
    await expect(left).rejects.toThrow(Cancelled);
    slots.release(1);
    await slots.take({});
    await expect(slots.take({}, gone)).rejects.toThrow(Cancelled);
  });
});
