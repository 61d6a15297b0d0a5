import Big from 'big.js';
import type { Invoice, InvoiceLine } from './invoice/invoice.js';
import type { LedgerReader } from './ledger.js';
import type { LedgerRow } from './row.js';

/** Milliseconds around a period: a call may begin in it and get its order number after it. */
const MARGIN = 10 * 60_000;

/** Where the ledger and an invoice agree, and where they differ, by order number. */
export interface Reconciliation {
  /** How many numbers were invoiced once, and billed or maybe billed according to the ledger. */
  readonly matched: number;
  /** Numbers that the invoice has more than once, and how often. */
  readonly repeated: ReadonlyMap<string, number>;
  /** Invoiced numbers of calls that QCC does not bill. */
  readonly notBillable: readonly string[];
  readonly invoiceOnly: readonly string[];
  /** Numbers of billed calls that the invoice does not have. */
  readonly ledgerOnly: readonly string[];
  /** Calls that may have been billed, and that the invoice does not have by their number. */
  readonly maybe: number;
  /** Undefined: the invoice has no amounts. */
  readonly sums: Sums | undefined;
}

/** Yuan on each side. */
export interface Sums {
  readonly invoice: Big;
  readonly ledger: Big;
  /** Billed calls that the ledger has no price for. */
  readonly unpriced: number;
}

/** How often an order number is on each side. */
interface Entry {
  invoiced: number;
  /** Undefined: it is not in the ledger. */
  billed: LedgerRow['billed'] | undefined;
}

/**
 * Compares an invoice with the attempts of a period.
 *
 * @param period milliseconds since 1970; `to` is excluded
 */
export async function reconcile(
  ledger: LedgerReader,
  { from, to }: { readonly from: number; readonly to: number },
  { lines, hasAmounts }: Invoice,
): Promise<Reconciliation> {
  const entries = entriesOf(lines);
  const ledgerOnly: string[] = [];
  const sums = { invoice: sumOf(lines.map(({ amount }) => amount)), ledger: new Big(0), unpriced: 0 };
  let maybe = 0;
  for await (const { at, orderNumber, billed, price } of ledger.rows(from - MARGIN, to + MARGIN)) {
    const entry = orderNumber === null ? undefined : entries.get(orderNumber);
    // Two attempts may have one number: it is billable if one of them is.
    if (entry && (entry.billed === undefined || billed !== 'no')) entry.billed = billed;
    if (at < from || at >= to) continue;
    if (billed === 'yes') {
      if (orderNumber !== null && !entry) ledgerOnly.push(orderNumber);
      if (price === null) sums.unpriced += 1;
      else sums.ledger = sums.ledger.plus(price);
    }
    // An invoiced call has cost something, though the ledger has no price for it.
    if (billed === 'maybe' && entry) sums.unpriced += 1;
    if (billed === 'maybe' && !entry) maybe += 1;
  }
  return { ...compare(entries), ledgerOnly, maybe, sums: hasAmounts ? sums : undefined };
}

/** A line with a negative amount takes one back. */
function entriesOf(lines: readonly InvoiceLine[]): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const { orderNumber, amount } of lines) {
    const entry = entries.get(orderNumber) ?? { invoiced: 0, billed: undefined };
    entry.invoiced += amount?.lt(0) ? -1 : 1;
    entries.set(orderNumber, entry);
  }
  return entries;
}

function compare(entries: ReadonlyMap<string, Entry>) {
  const repeated = new Map<string, number>();
  const notBillable: string[] = [];
  const invoiceOnly: string[] = [];
  let matched = 0;
  for (const [number, { invoiced, billed }] of entries) {
    if (invoiced > 1) repeated.set(number, invoiced);
    if (billed === undefined) invoiceOnly.push(number);
    else if (billed === 'no') notBillable.push(number);
    else if (invoiced === 1) matched += 1;
  }
  return { matched, repeated, notBillable, invoiceOnly };
}

function sumOf(amounts: readonly (Big | null)[]): Big {
  return amounts.reduce<Big>((sum, amount) => (amount === null ? sum : sum.plus(amount)), new Big(0));
}
