import { refusal } from '../../../src/qcc/error.js';
import { Circuit } from '../../../src/upstream/policy/circuit.js';

const answered = (status: string) => refusal({ method: 'GetList', status, message: null, orderNumber: null });

describe('a circuit', () => {
  let now = 0;
  const error = answered('103');
  const failure = { kind: 'failure', error, duration: 60_000 } as const;
  beforeEach(() => {
    now = 0;
  });

  it('opens for its duration, then lets one probe through', () => {
    const circuit = new Circuit(() => now);
    circuit.enter()(failure);
    expect([circuit.refuses, circuit.openedBy]).toEqual([true, error]);
    now = 60_000;
    expect(circuit.refuses).toBe(false);
    const probe = circuit.enter();
    expect(circuit.refuses).toBe(true);
    probe({ kind: 'success' });
    expect([circuit.refuses, circuit.openedBy]).toEqual([false, undefined]);
  });

  it('doubles its duration with each failed probe, up to 15 minutes', () => {
    const circuit = new Circuit(() => now);
    const durations: number[] = [];
    for (let probe = 0; probe < 7; probe++) {
      circuit.enter()(failure);
      durations.push(circuit.secondsToProbe);
      now += circuit.secondsToProbe * 1000;
    }
    expect(durations).toEqual([60, 120, 240, 480, 900, 900, 900]);
  });

  it('is neither prolonged nor closed by calls that left before it opened', () => {
    const circuit = new Circuit(() => now);
    const [first, second, third] = [circuit.enter(), circuit.enter(), circuit.enter()];
    first(failure);
    now = 30_000;
    second(failure);
    third({ kind: 'success' });
    expect([circuit.refuses, circuit.secondsToProbe]).toEqual([true, 30]);
  });

  it('probes again after a probe with a neutral outcome', () => {
    const circuit = new Circuit(() => now);
    circuit.enter()(failure);
    now = 60_000;
    circuit.enter()({ kind: 'neutral' });
    expect([circuit.refuses, circuit.openedBy]).toEqual([false, error]);
  });
});
