import { readFile } from 'node:fs/promises';
import { type Invoice, readInvoice, type UnreadableCell } from '../../ledger/invoice/invoice.js';
import { InvoiceError } from '../../ledger/invoice/invoice-error.js';
import { type Reconciliation, reconcile, type Sums } from '../../ledger/reconcile.js';
import { EXIT_CODES } from '../command.js';
import { reasonOf } from '../environment-faults.js';
import type { Period } from './period.js';
import { readLedger } from './read-ledger.js';

/** Unreadable cells that are named, and characters of each that are shown. */
const MAX_CELLS = 20;
const MAX_TEXT = 40;

/**
 * Prints where an invoice and the ledger differ, and a summary on standard error. Sets the exit code if they do.
 *
 * @throws Error if the file cannot be read, or is no invoice
 */
export async function reconcileFile(path: string, period: Period): Promise<void> {
  const invoice = await openInvoice(path);
  const result = await readLedger((ledger) => reconcile(ledger, period, invoice));
  for (const line of differencesOf(result)) process.stdout.write(`${line}\n`);
  for (const line of summaryOf(invoice, result)) console.error(line);
  if (!agrees(invoice, result)) process.exitCode = EXIT_CODES.findings;
}

async function openInvoice(path: string): Promise<Invoice> {
  const bytes = await readFile(path).catch((error: unknown) => {
    const reason = reasonOf(error);
    if (reason === 'EISDIR') throw new Error(`${path} must be a file, and is a directory`);
    throw new Error(`${path} must be a readable file: ${reason}`);
  });
  try {
    return readInvoice(bytes);
  } catch (error) {
    throw error instanceof InvoiceError ? new Error(`${path} ${error.message}`) : error;
  }
}

function differencesOf({ invoiceOnly, ledgerOnly, repeated, notBillable }: Reconciliation): string[] {
  return [
    ...invoiceOnly.map((number) => `invoice\t${number}`),
    ...ledgerOnly.map((number) => `ledger\t${number}`),
    ...[...repeated].map(([number, times]) => `repeated\t${number}\t${times}`),
    ...notBillable.map((number) => `not-billable\t${number}`),
  ];
}

function agrees({ unreadable }: Invoice, result: Reconciliation): boolean {
  const { sums } = result;
  const isSumEqual = sums === undefined || sums.unpriced > 0 || sums.invoice.eq(sums.ledger);
  return differencesOf(result).length === 0 && unreadable.length === 0 && isSumEqual;
}

function summaryOf({ lines, unreadable }: Invoice, result: Reconciliation): string[] {
  const { matched, invoiceOnly, ledgerOnly, repeated, notBillable, maybe, sums } = result;
  return [
    ...(lines.length === 0 && unreadable.length === 0 ? ['The invoice has no calls.'] : []),
    ...unreadable.slice(0, MAX_CELLS).map(describeCell),
    ...(unreadable.length > MAX_CELLS ? [`… and ${unreadable.length - MAX_CELLS} more cells`] : []),
    [
      `${matched} order numbers on both sides`,
      `${invoiceOnly.length} on the invoice only`,
      `${ledgerOnly.length} in the ledger only`,
      `${repeated.size} invoiced more than once`,
      `${notBillable.length} invoiced though not billable`,
    ].join(', '),
    `Calls that may have been billed (maybe), and that the invoice does not have by their number: ${maybe}`,
    ...(sums ? [describeSums(sums)] : []),
  ];
}

function describeSums({ invoice, ledger, unpriced }: Sums): string {
  const sides = `Invoice: ${invoice.toFixed()} yuan. Ledger: ${ledger.toFixed()} yuan`;
  if (unpriced === 0) return sides;
  return `${sides}; not compared, because the ledger has no price for some calls: ${unpriced}`;
}

function describeCell({ line, column, text }: UnreadableCell): string {
  const shown = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
  const content = shown === '' ? 'is empty' : `cannot be read: ${JSON.stringify(shown)}`;
  return `Line ${line}: the cell in column ${column.slice(0, MAX_TEXT)} ${content}`;
}
