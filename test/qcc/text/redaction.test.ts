import fc from 'fast-check';
import { withoutIdentities, withoutSecrets } from '../../../src/qcc/text/redaction.js';

describe('redaction of identities', () => {
  it('removes each number that is not part of a longer one', () => {
    expect(withoutIdentities('证件号11010519491231002X查询失败')).toBe('证件号[identity number]查询失败');
    expect(withoutIdentities('440301199001011234,')).toBe('[identity number],');
    expect(withoutIdentities('机构代码 14796919-0。')).toBe('机构代码 [organisation code]。');
  });

  it('leaves longer numbers, ids and order numbers as they are', () => {
    for (const text of [
      'ENDEXECUTECASECHECK2026112412360000000073',
      '2011010519491231002173',
      'a110105194912310021bcdef0123456789',
      '91330000147969190X',
      '(2018)浙1082执2303号',
    ]) {
      expect(withoutIdentities(text)).toBe(text);
    }
    const order = fc.date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(order, fc.nat(99_999_999), (date, count) => {
        const digits = date.toISOString().replace(/\D/g, '').slice(0, 14);
        const number = `ENDEXECUTECASECHECK${digits}${String(count).padStart(8, '0')}`;
        expect(withoutIdentities(number)).toBe(number);
      }),
    );
  });
});

describe('redaction of secrets', () => {
  it('removes each secret in plain and URL-encoded form, and ignores words too short to be one', () => {
    const clean = withoutSecrets(['key+with/signs=', 'short']);
    expect(clean('a key+with/signs= b')).toBe('a [redacted] b');
    expect(clean(`a ${encodeURIComponent('key+with/signs=')} b`)).toBe('a [redacted] b');
    expect(clean('"key+with\\/signs="')).toBe('"[redacted]"');
    expect(clean('short')).toBe('short');
  });
});
