import type { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import type { LedgerReader } from './ledger.js';

/** Names that a column of order numbers goes by, without case, spaces and punctuation. */
const HEADINGS: ReadonlySet<string> = new Set([
  'ordernumber',
  'orderno',
  'ordernum',
  'orderid',
  '订单号',
  '订单编号',
  '订单号码',
  '流水号',
]);
/** The class of the API in capitals, the time in Beijing, and eight digits. */
const ORDER_NUMBER = /^[A-Z]+\d{22}$/;

/** Order numbers that stand on one side only. */
export interface Differences {
  readonly invoiceOnly: readonly string[];
  /** Of attempts that were billed, or may have been. */
  readonly ledgerOnly: readonly string[];
  /** How many stand on both. */
  readonly matched: number;
}

/** An invoice in which no order numbers can be found. */
export class InvoiceError extends Error {
  override readonly name = 'InvoiceError';
  readonly code = 'BAD_INVOICE';
}

/**
 * Lays QCC's invoice beside the ledger, number by number.
 *
 * @param invoice CSV: a column headed `OrderNumber` or 订单号, or any cells that look like order numbers
 * @throws InvoiceError where it holds none
 */
export async function reconcile(
  ledger: LedgerReader,
  period: { readonly from: number; readonly to: number },
  invoice: Readable,
): Promise<Differences> {
  const invoiced = await orderNumbersIn(invoice);
  const ledgerOnly: string[] = [];
  const matched = new Set<string>();
  for await (const { orderNumber, billed } of ledger.rows(period.from, period.to)) {
    if (orderNumber === null) continue;
    if (invoiced.has(orderNumber)) matched.add(orderNumber);
    else if (billed !== 'no') ledgerOnly.push(orderNumber);
  }
  const invoiceOnly = [...invoiced].filter((number) => !matched.has(number));
  return { invoiceOnly, ledgerOnly, matched: matched.size };
}

async function orderNumbersIn(invoice: Readable): Promise<Set<string>> {
  const numbers = new Set<string>();
  let column: number | undefined;
  let first = true;
  const rows: AsyncIterable<string[]> = invoice.pipe(
    parse({ bom: true, relax_column_count: true, skip_empty_lines: true, trim: true }),
  );
  for await (const cells of rows) {
    const heading = first ? cells.findIndex((cell) => HEADINGS.has(normalized(cell))) : -1;
    first = false;
    if (heading >= 0) {
      column = heading;
      continue;
    }
    const found = column === undefined ? cells.filter((cell) => ORDER_NUMBER.test(cell)) : [cells[column]];
    for (const number of found) if (number) numbers.add(number);
  }
  if (numbers.size === 0) {
    throw new InvoiceError(
      'the invoice holds no order numbers: its first line must head their column OrderNumber',
    );
  }
  return numbers;
}

function normalized(heading: string): string {
  return heading.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}
