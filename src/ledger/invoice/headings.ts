/** Which column holds what, by its heading. */
export interface Heading {
  /** Headings without case, blanks and punctuation, the most likely first. */
  readonly names: readonly string[];
}

/** Headings of the column of order numbers. */
export const ORDER_NUMBER_HEADING: Heading = {
  names: ['ordernumber', 'orderno', 'ordernum', 'orderid', '订单号', '订单编号', '订单号码', '流水号'],
};

/** Headings of the column of amounts. What was paid comes before what one call costs. */
export const AMOUNT_HEADING: Heading = {
  names: [
    '实付金额',
    '应付金额',
    '扣费金额',
    '消费金额',
    '金额',
    '费用',
    '扣费',
    '总价',
    'amount',
    'total',
    'cost',
    'fee',
    'charge',
    '单价',
    'price',
  ],
};

/** The longest heading, in characters. Sentences above a table may name a column too. */
const MAX_LENGTH = 30;

/** How well a cell names a column; 0: not at all. It may say more, such as 订单号(OrderNumber). */
export function fitOf(cell: string, { names }: Heading): number {
  // A whole line that was not separated.
  if (cell.length > MAX_LENGTH || /[,;\t|]/.test(cell)) return 0;
  const text = normalized(cell);
  const index = names.findIndex((name) => text.includes(name));
  return index < 0 ? 0 : 2 * (names.length - index) + (text === names[index] ? 1 : 0);
}

/** The column whose heading fits best; undefined: none fits. */
export function columnOf(heading: Heading, cells: readonly string[]): number | undefined {
  let column: number | undefined;
  let best = 0;
  for (const [index, cell] of cells.entries()) {
    const fit = fitOf(cell, heading);
    if (fit > best) [column, best] = [index, fit];
  }
  return column;
}

/** Words that begin a row of totals. */
const TOTAL =
  /^(本页|本期|本月|当页)?(合计|总计|小计|累计|共计|总额|总数|共\d|total|subtotal|grandtotal|sum)/;

/** Whether a row sums up others. Totals are written with blanks and colons: 合　计, Total: */
export function isTotal(cells: readonly string[]): boolean {
  return cells.some((cell) => TOTAL.test(normalized(cell)));
}

function normalized(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}
