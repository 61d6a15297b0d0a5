import fc from 'fast-check';
import { parseExactly } from '../../src/qcc/exact-json.js';
import { propertyRuns } from '../support/property-runs.js';

describe('JSON', () => {
  it.each([
    ['9007199254740993', '9007199254740993'],
    ['-9007199254740993', '-9007199254740993'],
    ['12345678901234567890.12', '12345678901234567890.12'],
    ['1234567890.123456789', '1234567890.123456789'],
    ['1000000000000000000001', '1000000000000000000001'],
    ['1.799E+27', '1.799E+27'],
    ['1e400', '1e400'],
    ['9007199254740991', 9007199254740991],
    ['251198.34', 251198.34],
    ['1.799E+7', 17990000],
    ['-0.5', -0.5],
    ['25', 25],
  ])('gives %s as %j', (text, value) => {
    expect(parseExactly(`{"a":[${text}]}`)).toEqual({ a: [value] });
  });

  it('leaves strings as they are beside a long number', () => {
    const texts = ['9007199254740993', 'a "1e400" \\', '2019-07-25', '"', '\\"12345678901234567890'];
    const text = JSON.stringify({ texts, number: 'N' }).replace('"N"', '9007199254740993');
    expect(parseExactly(text)).toEqual({ texts, number: '9007199254740993' });
  });

  it('gives any other value as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.jsonValue({ depthSize: 'small' }).filter(isExact), (value) => {
        expect(parseExactly(JSON.stringify(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { numRuns: propertyRuns(100) },
    );
  });

  it('is read however deeply it is nested', () => {
    const depth = 100_000;
    expect(() => parseExactly(`${'['.repeat(depth)}1e400${']'.repeat(depth)}`)).not.toThrow();
  });

  it.each(['{"a":9007199254740993', '{"a":09007199254740993}', '9007199254740993 1', ''])(
    'that is not valid is refused: %j',
    (text) => {
      expect(() => parseExactly(text)).toThrow(SyntaxError);
    },
  );
});

/** Whether no number of a JSON value has more than 15 digits. */
function isExact(value: unknown): boolean {
  return !/\d{16}|\d[\d.]{15}|\d[eE]/.test(JSON.stringify(value));
}
