import type Big from 'big.js';
import { readAmount } from './amount.js';
import { decodeText } from './decode-text.js';
import { AMOUNT_HEADING, columnOf, fitOf, isTotal, ORDER_NUMBER_HEADING } from './headings.js';
import { InvoiceError } from './invoice-error.js';
import { readTable, type TableRow } from './table.js';

/** An order number of QCC: the class of the API in capitals, the time in Beijing, and eight digits. */
const ORDER_NUMBER = /^[A-Z]+\d{22}$/;
/** What may be an order number where a heading says so. */
const IDENTIFIER = /^(?=(?:\D*\d){6})[A-Za-z\d][\w-]{7,63}$/;
/** How a remark or a signature under the rows begins, and how many cells it fills. */
const REMARK = /[:：]|^(备注|说明|注|制表|note)/i;
const MAX_REMARK_CELLS = 2;

/** A call that QCC invoiced. */
export interface InvoiceLine {
  readonly orderNumber: string;
  /** In yuan. Null: the invoice has no amount for it. */
  readonly amount: Big | null;
}

/** A cell that should hold an order number or an amount, and holds something else. */
export interface UnreadableCell {
  /** Where its row ends in the file, counted from 1. */
  readonly line: number;
  /** The heading of its column, or the number of the column, counted from 1. */
  readonly column: string;
  readonly text: string;
}

export interface Invoice {
  readonly lines: readonly InvoiceLine[];
  readonly unreadable: readonly UnreadableCell[];
  /** Whether it has a column of amounts. */
  readonly hasAmounts: boolean;
}

/** Where the columns and the rows of calls are. */
interface Layout {
  readonly order: number;
  readonly amount: number | undefined;
  /** Undefined: the table has no headings. */
  readonly headings: readonly string[] | undefined;
  /** The first row of calls. */
  readonly start: number;
}

/**
 * Reads an invoice: a table with a row for each call, with the headings that accounting departments use, or without.
 *
 * @param bytes text in UTF-8, UTF-16 or GBK; cells separated by commas, tabs, semicolons or bars
 * @throws InvoiceError if it is no table, or has no column of order numbers
 */
export function readInvoice(bytes: Uint8Array): Invoice {
  const rows = readTable(
    decodeText(bytes),
    (cell) => fitOf(cell, ORDER_NUMBER_HEADING) > 0 || isOrderNumber(cell),
  );
  if (rows.length === 0) throw new InvoiceError('must be an invoice, and is empty');
  const layout = layoutOf(rows);
  const lines: InvoiceLine[] = [];
  const unreadable: UnreadableCell[] = [];
  for (const row of rows.slice(layout.start)) {
    const read = readRow(row, layout);
    if (read.line) lines.push(read.line);
    unreadable.push(...read.unreadable);
  }
  return { lines, unreadable, hasAmounts: layout.amount !== undefined };
}

/** @throws InvoiceError if there is no column of order numbers */
function layoutOf(rows: readonly TableRow[]): Layout {
  const first = rows.findIndex(({ cells }) => cells.some(isOrderNumber));
  const header = headerOf(first < 0 ? rows : rows.slice(0, first));
  const headings = rows[header]?.cells;
  const named = headings && columnOf(ORDER_NUMBER_HEADING, headings);
  const sample = rows[first]?.cells;
  const isNamed = named !== undefined && (sample === undefined || isOrderNumber(sample[named] ?? ''));
  const order = isNamed ? named : sample?.findIndex(isOrderNumber);
  if (order === undefined) {
    throw new InvoiceError(
      'must have a column of order numbers. No heading is OrderNumber or 订单号, and no cell holds an order number of QCC',
    );
  }
  return { order, amount: headings && columnOf(AMOUNT_HEADING, headings), headings, start: header + 1 };
}

/** The row of headings: the one with the best heading of order numbers, else the last one; -1 if there is no row. */
function headerOf(rows: readonly TableRow[]): number {
  let header = rows.length - 1;
  let best = 0;
  for (const [index, { cells }] of rows.entries()) {
    for (const cell of cells) {
      const fit = fitOf(cell, ORDER_NUMBER_HEADING);
      if (fit > best) [header, best] = [index, fit];
    }
  }
  return header;
}

function isOrderNumber(cell: string): boolean {
  return ORDER_NUMBER.test(cell);
}

/** Whether a row is a remark or a signature. */
function isRemark(cells: readonly string[]): boolean {
  const filled = cells.filter((cell) => cell !== '');
  return filled.length <= MAX_REMARK_CELLS && filled.some((cell) => REMARK.test(cell));
}

function readRow(
  { line, cells }: TableRow,
  { order, amount, headings }: Layout,
): { line?: InvoiceLine; unreadable: readonly UnreadableCell[] } {
  const cellAt = (column: number | undefined) => (column === undefined ? '' : (cells[column] ?? ''));
  const unread = (column: number): UnreadableCell => ({
    line,
    column: headings?.[column] || String(column + 1),
    text: cellAt(column),
  });
  const orderNumber = cellAt(order);
  if (!isOrderNumber(orderNumber)) {
    const isHeader = fitOf(orderNumber, ORDER_NUMBER_HEADING) > 0;
    if (isHeader || isTotal(cells) || isRemark(cells)) return { unreadable: [] };
    if (!IDENTIFIER.test(orderNumber)) return { unreadable: [unread(order)] };
  }
  const yuan = readAmount(cellAt(amount));
  return {
    line: { orderNumber, amount: yuan ?? null },
    unreadable: yuan === undefined && amount !== undefined ? [unread(amount)] : [],
  };
}
