import Big from 'big.js';
import { Bill, describeCalls } from '../../src/screen/bill.js';

describe('the bill of a screen', () => {
  it.each([
    [1, undefined, '1 call'],
    [1650, '495', '1,650 calls, ¥495.00'],
    [2, '1234567.5', '2 calls, ¥1,234,567.50'],
    [1, '0.125', '1 call, ¥0.125'],
  ])('says %d calls for %s yuan as %j', (calls, amount, text) => {
    expect(describeCalls(calls, amount === undefined ? undefined : new Big(amount))).toBe(text);
  });

  it('adds up amounts exactly', () => {
    const bill = new Bill();
    const reply = {
      data: null,
      errors: [],
      bought: 1,
      amount: new Big('0.1'),
      estimate: undefined,
      sandbox: false,
    };
    for (let index = 0; index < 3; index++) bill.add(reply);
    expect(String(bill)).toBe('3 calls, ¥0.30');
  });
});
