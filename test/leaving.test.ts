import { Cancelled } from '../src/qcc/error.js';
import { Leaving, waitFor } from '../src/qcc/leaving.js';

describe('an asker that leaves', () => {
  it('is told of once, to all who still listen', () => {
    const leaving = new Leaving();
    const heard: string[] = [];
    leaving.onLeave(() => heard.push('first'));
    const stay = leaving.onLeave(() => heard.push('second'));
    leaving.onLeave(() => heard.push('third'));
    stay();
    leaving.leave();
    leaving.leave();
    expect(heard).toEqual(['first', 'third']);
    expect(leaving.left).toBe(true);
  });

  it('that has left is told of at once', () => {
    const leaving = new Leaving();
    leaving.leave();
    const heard: string[] = [];
    leaving.onLeave(() => heard.push('late'))();
    expect(heard).toEqual(['late']);
  });

  it('ends a wait, whether it leaves meanwhile or had left before', async () => {
    const leaving = new Leaving();
    const waiting = waitFor(60_000, leaving);
    leaving.leave();
    await expect(waiting).rejects.toThrow(Cancelled);
    await expect(waitFor(60_000, leaving)).rejects.toThrow(Cancelled);
    await expect(waitFor(1, new Leaving())).resolves.toBeUndefined();
    await expect(waitFor(1, undefined)).resolves.toBeUndefined();
  });
});
