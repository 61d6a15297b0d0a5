import 'reflect-metadata';
import { JudgmentDebtor } from '../../../../src/graphql/schema/end-case/end-case-detail.js';

const KEY_NO = '7629d57f18b20b1927ea4ee5366bfde3';

describe('a judgment debtor', () => {
  it.each([
    [KEY_NO, KEY_NO],
    [`g${KEY_NO.slice(1)}`, `g${KEY_NO.slice(1)}`],
    [`h${KEY_NO.slice(1)}`, `h${KEY_NO.slice(1)}`],
    [`s${KEY_NO.slice(1)}`, `s${KEY_NO.slice(1)}`],
    [`z${KEY_NO.slice(1)}`, `z${KEY_NO.slice(1)}`],
    [`H${KEY_NO.slice(1).toUpperCase()}`, `h${KEY_NO.slice(1)}`],
    [`p${KEY_NO.slice(1)}`, undefined],
    [`P${KEY_NO.slice(1)}`, undefined],
    [null, undefined],
    // Nothing that QCC may put there costs the detail that it came with.
    ['x', undefined],
    ['123456789012345678', undefined],
    ['某某公司', undefined],
  ])('with KeyNo %s is the company %s', (keyNo, searchKey) => {
    const debtor = new JudgmentDebtor({ keyNo, name: '某某' });
    expect(debtor.company?.searchKey).toBe(searchKey);
    expect([debtor.keyNo, debtor.name]).toEqual([keyNo, '某某']);
  });
});
