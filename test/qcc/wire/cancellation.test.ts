import { Cancelled } from '../../../src/qcc/error.js';
import { Cancellation, waitFor } from '../../../src/qcc/wire/cancellation.js';

describe('an asker that leaves', () => {
  it('is told of once, to all who still listen', () => {
    const cancellation = new Cancellation();
    const heard: string[] = [];
    cancellation.onCancel(() => heard.push('first'));
    const stay = cancellation.onCancel(() => heard.push('second'));
    cancellation.onCancel(() => heard.push('third'));
    stay();
    cancellation.cancel();
    cancellation.cancel();
    expect(heard).toEqual(['first', 'third']);
    expect(cancellation.cancelled).toBe(true);
  });

  it('that has left is told of at once', () => {
    const cancellation = new Cancellation();
    cancellation.cancel();
    const heard: string[] = [];
    cancellation.onCancel(() => heard.push('late'))();
    expect(heard).toEqual(['late']);
  });

  it('ends a wait, whether it leaves meanwhile or had left before', async () => {
    const cancellation = new Cancellation();
    const waiting = waitFor(60_000, cancellation);
    cancellation.cancel();
    await expect(waiting).rejects.toThrow(Cancelled);
    await expect(waitFor(60_000, cancellation)).rejects.toThrow(Cancelled);
    await expect(waitFor(1, new Cancellation())).resolves.toBeUndefined();
    await expect(waitFor(1, undefined)).resolves.toBeUndefined();
  });
});
