import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { stringify } from 'csv-stringify/sync';
import type { LedgerReader } from './ledger.js';
import type { LedgerRow } from './row.js';

export type LedgerFormat = 'csv' | 'jsonl';

const COLUMNS = [
  'time',
  'client',
  'operation',
  'method',
  'subject',
  'status',
  'orderNumber',
  'billed',
  'price',
  'latencyMs',
] as const;

/** One attempt as it is exported: `time` ISO 8601 in UTC, `price` in yuan, `billed` yes, no or maybe. */
function lineOf(row: LedgerRow): Record<(typeof COLUMNS)[number], string | number | null> {
  const { at, latency, ...rest } = row;
  return { time: new Date(at).toISOString(), ...rest, latencyMs: latency };
}

/** Shows spreadsheets that a CSV file is UTF-8. */
const BYTE_ORDER_MARK = '\ufeff';

/**
 * Streams the attempts of a period, of any number, to `out`. CSV begins with a byte order mark, and a text that a
 * spreadsheet would take for a formula begins with an apostrophe.
 */
export async function exportLedger(
  ledger: LedgerReader,
  period: { readonly from: number; readonly to: number },
  format: LedgerFormat,
  out: Writable,
): Promise<void> {
  const write = async (text: string) => {
    if (!out.write(text)) await once(out, 'drain');
  };
  const csv = (cells: readonly unknown[]) => stringify([[...cells]], { escape_formulas: true });
  if (format === 'csv') await write(BYTE_ORDER_MARK + csv(COLUMNS));
  for await (const row of ledger.rows(period.from, period.to)) {
    const line = lineOf(row);
    await write(format === 'csv' ? csv(COLUMNS.map((name) => line[name])) : `${JSON.stringify(line)}\n`);
  }
}
