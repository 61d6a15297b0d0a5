import { Cancelled } from '../../../src/qcc/error.js';
import { Cancellation, waitFor } from '../../../src/qcc/wire/cancellation.js';

describe('a cancellation', () => {
  it('calls each remaining listener once', () => {
    const cancellation = new Cancellation();
    const called: string[] = [];
    cancellation.onCancel(() => called.push('first'));
    const remove = cancellation.onCancel(() => called.push('second'));
    cancellation.onCancel(() => called.push('third'));
    remove();
    cancellation.cancel();
    cancellation.cancel();
    expect(called).toEqual(['first', 'third']);
    expect(cancellation.cancelled).toBe(true);
  });

  it('calls a listener that is added afterwards at once', () => {
    const cancellation = new Cancellation();
    cancellation.cancel();
    const called: string[] = [];
    cancellation.onCancel(() => called.push('late'))();
    expect(called).toEqual(['late']);
  });

  it('ends a wait, also where it came before the wait', async () => {
    const cancellation = new Cancellation();
    const waiting = waitFor(60_000, cancellation);
    cancellation.cancel();
    await expect(waiting).rejects.toThrow(Cancelled);
    await expect(waitFor(60_000, cancellation)).rejects.toThrow(Cancelled);
    await expect(waitFor(1, new Cancellation())).resolves.toBeUndefined();
    await expect(waitFor(1, undefined)).resolves.toBeUndefined();
  });
});
