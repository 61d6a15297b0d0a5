import { readAmount, readCount, readDate, readObject, readText } from '../../src/qcc/values.js';

/** Values that say that there is nothing. */
const NOTHING = ['', ' ', '\u3000', '-', '--', '—', '——', '－', '–', ' - ', null, undefined];

describe('nothing', () => {
  it.each(NOTHING)('%j is null, whatever the field holds', (value) => {
    expect([
      readText(value),
      readAmount(value),
      readDate(value),
      readCount(value),
      readObject(value),
    ]).toEqual(Array(5).fill(null));
  });
});

describe('an amount', () => {
  it.each([
    ['154136', '154136'],
    ['251198.34', '251198.34'],
    ['0', '0'],
    ['-0.00', '0'],
    ['-154.5', '-154.5'],
    ['1.799E+7', '17990000'],
    ['1e-2', '0.01'],
    [' 55000 ', '55000'],
    [1000000, '1000000'],
    ['99999999999999999999.01', '99999999999999999999.01'],
    ['约三百万元', { raw: '约三百万元' }],
    [' 约三百万元 ', { raw: ' 约三百万元 ' }],
    ['1,000', { raw: '1,000' }],
    ['- 5', { raw: '- 5' }],
    ['1e9999', { raw: '1e9999' }],
    ['NaN', { raw: 'NaN' }],
    [{ yuan: 1 }, { raw: '{"yuan":1}' }],
  ])('%j reads as %j', (value, reading) => {
    expect(readAmount(value)).toEqual(reading);
  });
});

describe('a date', () => {
  it.each([
    ['2019-07-25', '2019-07-25'],
    ['2018-06-05T00:00:00+08:00', '2018-06-05'],
    ['2018-06-05T00:00:00+0800', '2018-06-05'],
    ['2018-06-04T16:00:00Z', '2018-06-05'],
    ['2018-06-05 12:30:00', '2018-06-05'],
    ['9999-12-31', '9999-12-31'],
    ['2019-02-30', { raw: '2019-02-30' }],
    ['2019-02-30T16:00:00Z', { raw: '2019-02-30T16:00:00Z' }],
    ['2019年7月', { raw: '2019年7月' }],
    [' 2019年7月 ', { raw: ' 2019年7月 ' }],
    // In Shanghai this is a day of the year 10000.
    ['9999-12-31T16:00:00Z', { raw: '9999-12-31T16:00:00Z' }],
    ['0000-01-01T00:00:00+23:00', { raw: '0000-01-01T00:00:00+23:00' }],
    [1528128000, { raw: '1528128000' }],
  ])('%j reads as %j', (value, reading) => {
    expect(readDate(value)).toEqual(reading);
  });

  it.each([
    '0001-01-01',
    '0001-01-01T00:00:00',
    '0001-01-01 00:00:00',
    '0001-01-01T00:00:00Z',
    '0000-12-31T16:00:00Z',
    '1970-01-18',
    '1970-01-01T00:00:00Z',
    '1970-01-01T08:00:00+08:00',
    '1969-12-31T16:00:00Z',
  ])('%s is a day in Shanghai that stands for no date', (value) => {
    expect(readDate(value)).toBeNull();
  });

  it.each([
    ['1969-12-31T15:59:59Z', '1969-12-31'],
    ['1970-01-31T16:00:00Z', '1970-02-01'],
    ['0001-01-01T16:00:00Z', '0001-01-02'],
  ])('%s is a day in Shanghai beside those: %s', (value, day) => {
    expect(readDate(value)).toBe(day);
  });
});

describe('a count', () => {
  it.each([
    [25, 25],
    ['25', 25],
    ['25.0', 25],
    ['2.5E+1', 25],
    [0, 0],
    [4294967296, 4294967296],
    [-1, { raw: '-1' }],
    ['2.5', { raw: '2.5' }],
    ['twenty', { raw: 'twenty' }],
    ['99999999999999999999', { raw: '99999999999999999999' }],
    [[25], { raw: '[25]' }],
  ])('%j reads as %j', (value, reading) => {
    expect(readCount(value)).toEqual(reading);
  });
});

describe('a text', () => {
  it.each([
    [' 临海市人民法院 ', '临海市人民法院'],
    ['14796919-0', '14796919-0'],
    [12, '12'],
    [['a'], { raw: '["a"]' }],
    // Half of a surrogate pair cannot be sent as UTF-8; `raw` has it as JSON writes it.
    ['临\ud842', { raw: '"临\\ud842"' }],
    ['𠮷野家', '𠮷野家'],
  ])('%j reads as %j', (value, reading) => {
    expect(readText(value)).toEqual(reading);
  });
});

describe('an object', () => {
  it.each<[unknown, unknown]>([
    [{ Name: '某某' }, { Name: '某某' }],
    [[{ Name: '某某' }], { Name: '某某' }],
    [{}, {}],
    [[], null],
    [[null], null],
    [[{ Name: '某某' }, { Name: '某' }], undefined],
    [[[{ Name: '某某' }]], undefined],
    ['某某', undefined],
    [1, undefined],
  ])('%j reads as %j', (value, object) => {
    expect(readObject(value)).toEqual(object);
  });
});
