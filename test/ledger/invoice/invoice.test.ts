import { type Invoice, readInvoice } from '../../../src/ledger/invoice/invoice.js';
import { InvoiceError } from '../../../src/ledger/invoice/invoice-error.js';

const number = (index: number) => `ENDEXECUTECASECHECK20261124120000${String(index).padStart(8, '0')}`;
const [A, B] = [number(1), number(2)];

const read = (text: string | Uint8Array) => readInvoice(Buffer.from(text));
/** The numbers and amounts of the lines. */
const linesOf = ({ lines }: Invoice) =>
  lines.map(({ orderNumber, amount }) => [orderNumber, amount?.toFixed() ?? null]);

const UTF16 = Buffer.from(`订单号,金额\r\n${A},1.2\r\n`, 'utf16le');
/** 订单号,金额 in GBK. */
const GBK_HEADINGS = Buffer.from('b6a9b5a5bac52cbdf0b6ee', 'hex');

describe('an invoice', () => {
  it.each<[string, string | Uint8Array]>([
    ['commas', `订单号,金额\n${A},1.2\n`],
    ['a byte order mark and CRLF', `\ufeffOrderNumber,Amount\r\n${A},1.2\r\n`],
    ['carriage returns alone', `OrderNumber,Amount\r${A},1.2\r`],
    ['tabs', `日期\t订单号\t金额\n2026-11-24\t${A}\t1,2\n`],
    ['semicolons and decimal commas', `OrderNumber;Amount\n${A};1,20\n`],
    ['bars', `Order No.|Fee (CNY)\n${A}|¥1.20\n`],
    ["Excel's line of the separator", `sep=;\nOrderNumber;Amount\n${A};1.2\n`],
    ['UTF-16 with a mark', Buffer.concat([Buffer.from([0xff, 0xfe]), UTF16])],
    ['UTF-16 without a mark', UTF16],
    ['big-endian UTF-16', Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(UTF16).swap16()])],
    ['GBK', Buffer.concat([GBK_HEADINGS, Buffer.from(`\n${A},1.2\n`)])],
    ['a formula around the number', `OrderNumber,Amount\n="${A}",1.2\n`],
    ['a quoted formula', `OrderNumber,Amount\n"=""${A}""",="1.20"\n`],
    ['an apostrophe', `OrderNumber,Amount\n'${A},1.2\n`],
    ['a backtick and tabs', `OrderNumber,Amount\n\`${A}\t,\`1.2\t\n`],
    ['a title, a blank line and remarks', `企查查账单:2026年11月,\n\n订单号,金额\n${A},1.2\n制表人：张三,\n`],
    ['a row of totals', `订单号,金额\n${A},1.2\n合　计,1.2\n`],
    ['totals in another column', `序号,订单号,金额\n1,${A},1.2\nTotal:,1,1.20\n`],
    ['headings on each page', `订单号,金额\n${A},1.2\n订单号,金额\n`],
    ['a heading in two languages', `订单编号(OrderNumber),单价,金额（元）\n${A},9,1.20元\n`],
    ['another number before it', `商户订单号,QCC订单号,金额\n20261124001,${A},1.2\n`],
    ['headings that say nothing', `编号,费用\n${A},1.2\n`],
    ['rows of empty cells', `订单号,金额\n,\n${A},1.2\n,,\n`],
  ])('is read with %s', (_, text) => {
    const invoice = read(text);
    expect([linesOf(invoice), invoice.unreadable]).toEqual([[[A, '1.2']], []]);
  });

  it.each([
    ['1,200.50', '1200.5'],
    ['￥0.30', '0.3'],
    ['RMB 12', '12'],
    ['-1.20', '-1.2'],
    ['(1.20)', '-1.2'],
    ['', null],
    ['—', null],
  ])('may have the amount %s', (text, amount) => {
    expect(linesOf(read(`订单号,金额\n${A},"${text}"\n`))).toEqual([[A, amount]]);
  });

  it('may have no headings, and then no amounts', () => {
    const invoice = read(`2026-11-24,${A},1.2\n2026-11-24,${B},1.2\n`);
    expect([linesOf(invoice), invoice.hasAmounts]).toEqual([
      [
        [A, null],
        [B, null],
      ],
      false,
    ]);
  });

  it('may have headings and no calls', () => {
    expect(read('订单号,金额\n')).toEqual({ lines: [], unreadable: [], hasAmounts: true });
  });

  it('has numbers of another form under a heading alone', () => {
    expect(linesOf(read('订单号\nQCC-2026-1124-0001\n'))).toEqual([['QCC-2026-1124-0001', null]]);
  });

  it('names the cells that cannot be read', () => {
    const { lines, unreadable } = read(
      `日期,订单号,金额\n11-24,2.02611E+21,1.2\n11-24,${A},#VALUE!\n11-24,,1.2\n`,
    );
    expect(lines.map(({ orderNumber }) => orderNumber)).toEqual([A]);
    expect(unreadable).toEqual([
      { line: 2, column: '订单号', text: '2.02611E+21' },
      { line: 3, column: '金额', text: '#VALUE!' },
      { line: 4, column: '订单号', text: '' },
    ]);
  });

  it.each<[string, string | Uint8Array, RegExp]>([
    ['an empty file', '', /^must be an invoice, and is empty$/],
    ['a file without order numbers', 'a,b\n1,2\n', /^must have a column of order numbers/],
    [
      'an Excel workbook',
      Buffer.from('504b030414000600', 'hex'),
      /^must be a CSV file, and is an Excel workbook: save/,
    ],
    ['an old Excel workbook', Buffer.from('d0cf11e0a1b11ae1', 'hex'), /is an Excel workbook/],
    ['a PDF', '%PDF-1.7\n', /is a PDF/],
    ['a web page', '<html><table></table></html>', /is a web page/],
    ['bytes that are no text', Buffer.from('ffff81', 'hex'), /^must be text in UTF-8, UTF-16 or GBK$/],
    ['an open quote', `OrderNumber\n"${A}\n`, /^must be a CSV file: Quote Not Closed/],
    // More cells than a call of a function may have arguments.
    ['one very long line', 'x,'.repeat(150_000), /^must have a column of order numbers/],
  ])('is not %s', (_, text, message) => {
    let fault: unknown;
    try {
      read(text);
    } catch (error) {
      fault = error;
    }
    expect(fault).toBeInstanceOf(InvoiceError);
    expect(fault).toHaveProperty('message', expect.stringMatching(message));
  });
});
