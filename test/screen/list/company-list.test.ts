import { ScreenError, ScreenUsageError } from '../../../src/screen/errors.js';
import { readCompanyList } from '../../../src/screen/list/company-list.js';

const NAME = '浙江省临海标准件工业公司';
const GBK = Buffer.from('c6f3d2b5c3fbb3c60d0ad5e3bdadcaa1c1d9baa3b1ead7bcbcfeb9a4d2b5b9abcbbe0d0a', 'hex');

async function typedIn(text: string | Uint8Array, path = 'list.csv', column?: string) {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const { rows } = await readCompanyList(bytes, path, column);
  return rows.map(({ typed }) => typed);
}

const bigEndian = (text: string) => Buffer.from(text, 'utf16le').swap16();

describe('the list of companies', () => {
  it.each([
    ['UTF-8', Buffer.from(`企业名称\n${NAME}`), 'utf-8'],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff企业名称\n${NAME}`), 'utf-8'],
    ['UTF-16 in little endian', Buffer.from(`\ufeff企业名称\r\n${NAME}\r\n`, 'utf16le'), 'utf-16le'],
    ['UTF-16 in big endian', bigEndian(`\ufeff企业名称\r\n${NAME}\r\n`), 'utf-16be'],
    ['UTF-16 without a byte order mark', Buffer.from(`企业名称\r\n${NAME}\r\n`, 'utf16le'), 'utf-16le'],
    ['GBK', GBK, 'gb18030'],
    [
      'four bytes a character (GB18030)',
      Buffer.concat([GBK, Buffer.from('8139ef30d3d0cfdeb9abcbbe', 'hex')]),
      'gb18030',
    ],
  ])('is read in %s', async (_, bytes, encoding) => {
    const list = await readCompanyList(bytes, 'list.csv', undefined);
    expect([list.rows[0]?.typed, list.encoding, list.column]).toEqual([NAME, encoding, '企业名称']);
  });

  it('is refused in any other encoding', async () => {
    await expect(typedIn(Buffer.from([0x61, 0xff, 0xff, 0x0a]))).rejects.toThrow(ScreenError);
  });

  it.each([
    ['a comma in a CSV file', 'list.csv', 'id,公司名称\n1,A公司\n2,"B,公司"\n', ['A公司', 'B,公司']],
    ['a tab in a TSV file', 'list.tsv', 'id\t公司名称\n1\tA公司\n', ['A公司']],
    ['a tab in any other file', 'list.txt', 'id\t公司名称\n1\tA公司\n', ['A公司']],
    ['a comma in any other file', '-', 'id,searchKey\n1,A公司\n', ['A公司']],
    [
      'nothing, where each line is a company',
      'list.txt',
      'Example Co., Ltd.\r\nB公司\r\n',
      ['Example Co., Ltd.', 'B公司'],
    ],
  ])('separates cells by %s', async (_, path, text, typed) => {
    expect(await typedIn(text, path)).toEqual(typed);
  });

  it('takes the first known header, in the order of the documentation, not of the file', async () => {
    expect(await typedIn('searchKey,统一社会信用代码,公司名称,企业名称\na,b,c,d')).toEqual(['d']);
    expect(await typedIn('searchKey,统一社会信用代码\na,b')).toEqual(['b']);
  });

  it('takes the first column, first row included, where no header is known', async () => {
    expect(await typedIn('A公司,1\nB公司,2')).toEqual(['A公司', 'B公司']);
  });

  it('takes the column that --column names', async () => {
    expect(await typedIn('客户,企业名称\nA公司,x', 'list.csv', '客户')).toEqual(['A公司']);
    const missing = typedIn('客户,企业名称\nA公司,x', 'list.csv', '供应商');
    await expect(missing).rejects.toThrow(
      new ScreenUsageError('--column must be a header of the list: 客户, 企业名称'),
    );
  });

  it('leaves out empty lines and rows of a spreadsheet without any value, and keeps a row without a company', async () => {
    expect(await typedIn('企业名称,x\n\nA公司,1\n,,\n ,2\n')).toEqual(['A公司', ' ']);
  });

  it('marks a row with more values than the first: its company may be cut at a comma', async () => {
    const text = '企业名称\nExample Co., Ltd.\nB公司,\n';
    const { rows } = await readCompanyList(Buffer.from(text), 'list.csv', undefined);
    expect(rows).toEqual([
      { typed: 'Example Co.', fault: expect.stringMatching(/2 cells.*1/) },
      { typed: 'B公司' },
    ]);
  });

  it.each([
    ['an empty file', ''],
    ['a header alone', '企业名称\n'],
    ['a quote without an end', '企业名称\n"A公司\n'],
  ])('explains %s', async (_, text) => {
    await expect(typedIn(text)).rejects.toThrow(ScreenError);
  });
});
