import { readAmount, readDate, readText } from '../../src/qcc/values.js';

describe('an amount', () => {
  it.each([
    ['154136', '154136'],
    ['251198.34', '251198.34'],
    ['0', '0'],
    ['1.799E+7', '17990000'],
    ['1e-2', '0.01'],
    [' 55000 ', '55000'],
    [1000000, '1000000'],
    ['99999999999999999999.01', '99999999999999999999.01'],
    ['', null],
    ['—', null],
    [null, null],
    [undefined, null],
    ['约三百万元', { raw: '约三百万元' }],
    ['1,000', { raw: '1,000' }],
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
    ['2018-06-04T16:00:00Z', '2018-06-05'],
    ['2018-06-05 12:30:00', '2018-06-05'],
    ['', null],
    ['—', null],
    ['0001-01-01T00:00:00', null],
    ['1970-01-18', null],
    [null, null],
    ['2019-02-30', { raw: '2019-02-30' }],
    ['2019年7月', { raw: '2019年7月' }],
  ])('%j reads as %j', (value, reading) => {
    expect(readDate(value)).toEqual(reading);
  });
});

describe('a text', () => {
  it.each([
    [' 临海市人民法院 ', '临海市人民法院'],
    ['—', null],
    ['', null],
    [12, '12'],
    [['a'], { raw: '["a"]' }],
  ])('%j reads as %j', (value, reading) => {
    expect(readText(value)).toEqual(reading);
  });
});
