import fc from 'fast-check';
import {
  add,
  compare,
  parseDecimal,
  ratio,
  shiftAndRound,
  toGroupedText,
  toText,
  ZERO,
} from '../../../examples/web/src/money/decimal.js';

const read = (text: string) => parseDecimal(text) ?? ZERO;

describe('amounts in the workbench', () => {
  it('adds without rounding, far beyond what a number holds', () => {
    const amounts = ['90071992547409931.01', '0.1', '0.2', '-0.005'];
    expect(toText(amounts.map(read).reduce(add, ZERO))).toBe('90071992547409931.305');
  });

  it('adds any amounts in fen as whole numbers do', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt(-(10n ** 20n), 10n ** 20n)), (fen) => {
        const sum = fen.map((units) => ({ units, scale: 2 })).reduce(add, ZERO);
        const expected = fen.reduce((total, units) => total + units, 0n);
        expect(compare(sum, { units: expected, scale: 2 })).toBe(0);
        expect(compare(read(toText(sum)), sum)).toBe(0);
      }),
    );
  });

  it.each([
    ['562781', 4, 1, '56.3'],
    ['12345678', 4, 0, '1,235'],
    ['-5000', 4, 0, '-1'],
    ['0.5', 0, 0, '1'],
    ['1000', 3, 2, '1.00'],
  ])('writes %s divided by ten to the power of %i with %i places', (text, shift, digits, expected) => {
    expect(toGroupedText(shiftAndRound(read(text), shift, digits))).toBe(expected);
  });

  it('reads no text that is not a plain decimal number', () => {
    expect(['', '1e5', '1,000', '—', '.5'].map(parseDecimal)).toEqual([...Array(5)]);
  });

  it('compares shares for bars', () => {
    expect(ratio(read('562781'), read('1000000'))).toBe(0.5627);
    expect(ratio(read('1'), ZERO)).toBe(0);
  });
});
