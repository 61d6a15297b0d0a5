import { Bill } from '../../../src/screen/bill.js';
import { describeSeconds, Progress } from '../../../src/screen/output/progress.js';

describe('the progress of a screen', () => {
  it('shows companies, rate, remaining time and bill, and clears its line on a terminal', () => {
    const written: string[] = [];
    const output = { isTTY: true, write: (text: string) => written.push(text) };
    const progress = new Progress('Page 1', 2000, 'companies', new Bill(), output);
    expect(progress.line()).toBe('Page 1: 0 of 2,000 companies · billed: 0 calls');
    progress.add(500);
    expect(progress.line()).toMatch(
      /^Page 1: 500 of 2,000 companies · [\d.]+\/s · \d+ s left · billed: 0 calls$/,
    );
    progress.close();
    expect(written).toEqual(['\r\u001b[K']);
  });

  it.each([
    [0.2, '1 s'],
    [59, '59 s'],
    [83, '1 min 23 s'],
    [12_000, '3 h 20 min'],
  ])('says %d s as %s', (seconds, text) => {
    expect(describeSeconds(seconds)).toBe(text);
  });
});
