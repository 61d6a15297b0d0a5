import fc from 'fast-check';
import {
  foldSearchKey,
  isCreditCode,
  isOrganisationCode,
  isRegistrationNo,
  readSearchKey,
} from '../../src/qcc/search-key.js';
import { isIdentityCardNo } from '../../src/qcc/text/identity-card.js';

const KEY_NO = '7629d57f18b20b1927ea4ee5366bfde3';

describe('a search key', () => {
  it.each([
    ['91110000600037341L', 'CREDIT_CODE', '91110000600037341L'],
    ['91320594088140947f', 'CREDIT_CODE', '91320594088140947F'],
    ['９１４４０３００１９２２０３８２１６', 'CREDIT_CODE', '914403001922038216'],
    [' 91110108551385082Q ', 'CREDIT_CODE', '91110108551385082Q'],
    [KEY_NO, 'KEY_NO', KEY_NO],
    [`g${KEY_NO.slice(1)}`, 'KEY_NO', `g${KEY_NO.slice(1)}`],
    ['91110000 600037341L', 'CREDIT_CODE', '91110000600037341L'],
    ['9111\u00a00000\u30006000 37341l', 'CREDIT_CODE', '91110000600037341L'],
    ['\u200b\u202d91110000\u00ad600037341L\u202c\ufeff', 'CREDIT_CODE', '91110000600037341L'],
    [KEY_NO.toUpperCase(), 'KEY_NO', KEY_NO],
    [`h${KEY_NO.slice(1)}`, 'KEY_NO', `h${KEY_NO.slice(1)}`],
    [`S${KEY_NO.slice(1)}`, 'KEY_NO', `s${KEY_NO.slice(1)}`],
    [`\u200bz${KEY_NO.slice(1)} `, 'KEY_NO', `z${KEY_NO.slice(1)}`],
    ['1000000000 35743', 'REGISTRATION_NO', '100000000035743'],
    ['100000000035742', 'REGISTRATION_NO', '100000000035742'],
    ['100000000035743', 'REGISTRATION_NO', '100000000035743'],
    ['1000000000357', 'REGISTRATION_NO', '1000000000357'],
    ['浙江省临海标准件工业公司', 'NAME', '浙江省临海标准件工业公司'],
    ['\ufeff浙江省\u200b临海标准件\u2060工业公司\u200e', 'NAME', '浙江省临海标准件工业公司'],
    ['Samsung Electronics', 'NAME', 'Samsung Electronics'],
    ['𠮷'.repeat(200), 'NAME', '𠮷'.repeat(200)],
    ['A·B（《C》—&+%#\ue000）', 'NAME', 'A·B（《C》—&+%#\ue000）'],
    ['  北京（集团）ＡＢＣ公司 ', 'NAME', '北京（集团）ＡＢＣ公司'],
  ])('%s is a %s', (typed, kind, text) => {
    expect(readSearchKey(typed)).toEqual({ kind, text });
  });

  it.each([
    ['', /too short/],
    ['  ', /too short/],
    ['中', /too short/],
    ['𠮷', /too short/],
    [`p${KEY_NO.slice(1)}`, /natural person/],
    ['91330100799655058C', /check characters/],
    ['91330100 799655058C', /check characters.*name or the KeyNo/],
    ['123456789012345678', /check characters/],
    [`P${KEY_NO.slice(1).toUpperCase()}`, /natural person/],
    ['11010519491231002X', /identity-card number of a person/],
    ['110105 19491231 002x', /identity-card number of a person/],
    ['\u200b\ufeff', /too short/],
    ['????', /no letter or digit/],
    ['。。', /no letter or digit/],
    ['\u3164\u3164', /too short/],
    ['浙江省\ufffd\ufffd公司', /U\+FFFD.*UTF-8/],
    ['公司\n工业', /control characters/],
    ['名'.repeat(1_000_000), /at most 200 characters/],
    ['名'.repeat(201), /too long/],
    ['公司\u0000', /characters that no company/],
    ['公司\ud800', /characters that no company/],
  ])('%j is refused with a reason', (typed, message) => {
    expect(() => readSearchKey(typed)).toThrow(message);
  });

  it('is never repeated in the reason for its refusal', () => {
    for (const key of ['11010519491231002X', '91330100799655058C', `p${KEY_NO.slice(1)}`]) {
      expect(() => readSearchKey(key)).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining(key) }),
      );
    }
  });

  it('is not read if it is too long, so that a list of long keys takes no time', () => {
    const long = 'Ａ\u200b '.repeat(300_000);
    const start = process.cpuUsage();
    for (let key = 0; key < 100; key += 1) expect(() => readSearchKey(long)).toThrow(/too long/);
    // CPU time, in microseconds: it does not depend on what else runs.
    expect(process.cpuUsage(start).user).toBeLessThan(1_000_000);
  });

  it('folds to one text for any width and case', () => {
    expect(foldSearchKey('北京（集团）ＡＢＣ')).toBe(foldSearchKey('北京(集团)abc'));
  });
});

describe('check characters', () => {
  const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';

  it('accept codes that exist', () => {
    expect(['147969190', '087909371'].map(isOrganisationCode)).toEqual([true, true]);
    expect(['100000000035742', '440106002725398'].map(isRegistrationNo)).toEqual([true, true]);
  });

  it('catch any single mistyped character of a credit code', () => {
    const code = '91320594088140947F';
    fc.assert(
      fc.property(fc.nat(17), fc.constantFrom(...alphabet), (index, character) => {
        fc.pre(code[index] !== character);
        expect(isCreditCode(code.slice(0, index) + character + code.slice(index + 1))).toBe(false);
      }),
    );
  });

  it('tell the number of an identity card from one with any mistyped digit', () => {
    const number = '11010519491231002X';
    expect(isIdentityCardNo(number)).toBe(true);
    fc.assert(
      fc.property(fc.nat(16), fc.nat(9), (index, digit) => {
        fc.pre(number[index] !== String(digit));
        expect(isIdentityCardNo(number.slice(0, index) + digit + number.slice(index + 1))).toBe(false);
      }),
    );
  });

  it('catch any single mistyped digit of a registration number', () => {
    const number = '440106002725398';
    fc.assert(
      fc.property(fc.nat(14), fc.nat(9), (index, digit) => {
        fc.pre(number[index] !== String(digit));
        expect(isRegistrationNo(number.slice(0, index) + digit + number.slice(index + 1))).toBe(false);
      }),
    );
  });
});
