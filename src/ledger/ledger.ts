import type { Journal } from '../store/journal.js';
import type { ReportFault } from '../store/store.js';
import { uniqueId } from '../store/unique-id.js';
import { decodeRow, encodeRow, type LedgerRow } from './row.js';

/** Sorts after the keys of all rows. */
const END = ':';

/** What readers of the ledger get: exports, reconciliation and usage. */
export interface LedgerReader {
  /** The attempts that began at `from` or later and before `to`, in order; milliseconds since 1970. */
  rows(from: number, to: number): AsyncIterable<LedgerRow>;
}

/** Every upstream attempt, one row each, written before its answer is served. */
export class Ledger implements LedgerReader {
  constructor(
    private readonly journal: Journal,
    private readonly report: ReportFault,
  ) {}

  /** A new key for a row; keys sort by time. @param time milliseconds since 1970 */
  static newKey(time: number): string {
    return `${timeKey(time)}-${uniqueId()}`;
  }

  /** Writes a row, or replaces the row under the same key. If the journal fails, the row goes to the log. */
  async write(key: string, row: LedgerRow): Promise<void> {
    try {
      await this.journal.append({ key, bytes: encodeRow(row) });
    } catch (error) {
      this.report(`the ledger could not store a row: ${JSON.stringify(row)}`, error);
    }
  }

  async *rows(from: number, to: number): AsyncIterable<LedgerRow> {
    for await (const { key, bytes } of this.journal.rows(timeKey(from), timeKey(to))) {
      const row = decodeRow(bytes);
      if (row) yield row;
      else this.report(`row ${key} of the ledger cannot be read and is skipped`, undefined);
    }
  }

  /** Removes the attempts that began before a time. */
  async prune(before: number): Promise<void> {
    await this.journal.prune(timeKey(before));
  }
}

/** Milliseconds as text that sorts by time. */
export function timeKey(time: number): string {
  if (time === Number.POSITIVE_INFINITY) return END;
  return String(Math.max(0, Math.floor(time))).padStart(15, '0');
}
