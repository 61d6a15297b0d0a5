import { toCsv } from '../../../examples/web/src/parts/csv.js';
import {
  decodeFile,
  guessColumn,
  listedIn,
  readList,
} from '../../../examples/web/src/portfolio/read-list.js';
import { encodeGbk } from '../../support/gbk.js';

/** The companies that a list names, as the workbench reads it without the reader's help. */
function companiesIn(text: string): string[] {
  const cells = readList(text);
  const { column, hasTitles } = guessColumn(cells);
  return listedIn(cells, column, hasTitles).map(({ line, typed }) => `${line} ${typed}`);
}

describe('lists of companies in the workbench', () => {
  it.each([
    ['one a line, with blank lines', ' 甲公司 \r\n\r\n乙公司\n', ['1 甲公司', '3 乙公司']],
    ['a comma in a name', 'Foo Co., Ltd\nBar AG', ['1 Foo Co., Ltd', '2 Bar AG']],
    ['CSV with titles', '编号,企业名称\n1,甲公司\n2,"乙,""公司"""', ['2 甲公司', '3 乙,"公司"']],
    ['CSV without titles', '甲公司,张三\n乙公司,李四', ['1 甲公司', '2 乙公司']],
    ['a range from a spreadsheet', '公司名称\t金额\n甲公司\t1\n', ['2 甲公司']],
    ['one column with a title', '统一社会信用代码\n91110000600037341L', ['2 91110000600037341L']],
  ])('reads %s', (_, text, companies) => {
    expect(companiesIn(text)).toEqual(companies);
  });

  it('decodes UTF-8, UTF-16 and GBK, and refuses what is no text', () => {
    const text = '浙江省临海标准件工业公司';
    expect(decodeFile(Buffer.from(`\ufeff${text}`))).toBe(text);
    expect(decodeFile(Buffer.from(`\ufeff${text}`, 'utf16le'))).toBe(text);
    expect(decodeFile(encodeGbk(text))).toBe(text);
    expect(decodeFile(Buffer.from('PK\u0003\u0004\u0000\u0000'))).toBeUndefined();
  });

  it('writes CSV that opens in Excel and runs no formula', () => {
    expect(toCsv([['名称', '=1+1', '-5.10', '@a', '甲,"乙"', ' +x']])).toBe(
      '\ufeff名称,\'=1+1,-5.10,\'@a,"甲,""乙""",\' +x\r\n',
    );
  });
});
