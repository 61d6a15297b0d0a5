import fc from 'fast-check';
import {
  foldSearchKey,
  isCreditCode,
  isOrganisationCode,
  isRegistrationNo,
  readSearchKey,
} from '../../src/qcc/search-key.js';

const KEY_NO = '7629d57f18b20b1927ea4ee5366bfde3';

describe('a search key', () => {
  it.each([
    ['91110000600037341L', 'CREDIT_CODE', '91110000600037341L'],
    ['91320594088140947f', 'CREDIT_CODE', '91320594088140947F'],
    ['９１４４０３００１９２２０３８２１６', 'CREDIT_CODE', '914403001922038216'],
    [' 91110108551385082Q ', 'CREDIT_CODE', '91110108551385082Q'],
    [KEY_NO, 'KEY_NO', KEY_NO],
    [`g${KEY_NO.slice(1)}`, 'KEY_NO', `g${KEY_NO.slice(1)}`],
    ['100000000035742', 'REGISTRATION_NO', '100000000035742'],
    ['100000000035743', 'REGISTRATION_NO', '100000000035743'],
    ['1000000000357', 'REGISTRATION_NO', '1000000000357'],
    ['浙江省临海标准件工业公司', 'NAME', '浙江省临海标准件工业公司'],
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
    ['123456789012345678', /check characters/],
    ['名'.repeat(201), /too long/],
    ['公司\u0000', /characters that no company/],
    ['公司\ud800', /characters that no company/],
  ])('%j is refused with a reason', (typed, message) => {
    expect(() => readSearchKey(typed)).toThrow(message);
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
