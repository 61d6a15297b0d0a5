import type { Journal, Row, StoreHealth } from '../store/journal.js';
import { type ReportFault, StoreUnavailable } from '../store/store.js';
import { uniqueId } from '../store/unique-id.js';
import { labelOf } from './hourly-usage.js';
import { decodeRow, encodeRow, KEYS_END, type LedgerRow } from './row.js';

/** What readers of the ledger get: exports and reconciliation. */
export interface LedgerReader {
  /** The attempts that began at `from` or later and before `to`, in order; milliseconds since 1970. */
  rows(from: number, to: number): AsyncIterable<LedgerRow>;
}

/** Every upstream attempt, one row each. A row is written before its call is made, and replaced once the call has ended. */
export class Ledger implements LedgerReader {
  /** @param retention milliseconds that rows, and the counters of their hours, are kept */
  constructor(
    private readonly journal: Journal,
    private readonly retention: number,
    private readonly report: ReportFault,
  ) {}

  /** A new key for a row; keys sort by time. @param time milliseconds since 1970 */
  static newKey(time: number): string {
    return `${timeKey(time)}-${uniqueId()}`;
  }

  /**
   * Writes the row of a call that has not been made. Resolves once the row survives the end of this process.
   *
   * @throws StoreUnavailable where the row cannot be written: then the call must not be made
   */
  async begin(key: string, row: LedgerRow): Promise<void> {
    try {
      await this.journal.append(this.#rowOf(key, row));
    } catch (error) {
      this.report('the ledger could not store a row, so the call was not made', error);
      if (error instanceof StoreUnavailable) throw error;
      throw new StoreUnavailable('The ledger could not be written, so nothing was bought.');
    }
  }

  /** Replaces a row. Resolves once it is on the disk. If the journal fails, the row goes to the log. */
  async settle(key: string, row: LedgerRow): Promise<void> {
    try {
      await this.journal.settle(this.#rowOf(key, row));
    } catch (error) {
      this.report(`the ledger could not store a row: ${JSON.stringify(row)}`, error);
    }
  }

  /** Removes the row of a call that was not made. If the journal fails, the row stays. */
  async remove(key: string, row: LedgerRow): Promise<void> {
    try {
      await this.journal.remove({ key, label: labelOf(row, this.retention) });
    } catch (error) {
      this.report(
        'the row of a call that was not made could not be removed; the ledger shows it as maybe billed',
        error,
      );
    }
  }

  async *rows(from: number, to: number): AsyncIterable<LedgerRow> {
    const unreadable = new Unreadable();
    for await (const { key, bytes } of this.journal.rows(timeKey(from), timeKey(to))) {
      const row = decodeRow(bytes);
      if (row) yield row;
      else unreadable.add(key);
    }
    unreadable.report(this.report);
  }

  /** Counts the rows that began at `from` or later and were written by versions that did not count them. */
  async countUncounted(from: number): Promise<void> {
    const unreadable = new Unreadable();
    await this.journal.label(timeKey(from), KEYS_END, ({ key, bytes }) => {
      const row = decodeRow(bytes);
      if (row) return labelOf(row, this.retention);
      unreadable.add(key);
      return undefined;
    });
    unreadable.report(this.report);
  }

  /** Removes the attempts that began before a time. */
  async prune(before: number): Promise<void> {
    await this.journal.prune(timeKey(before));
  }

  /** Degraded while rows cannot be written, or wait to be shipped to where they are kept. */
  health(): StoreHealth {
    return this.journal.health();
  }

  #rowOf(key: string, row: LedgerRow): Row {
    return { key, bytes: encodeRow(row), label: labelOf(row, this.retention) };
  }
}

/** Rows that cannot be read: a reader skips them and reports them once. */
class Unreadable {
  #first: string | undefined;
  #count = 0;

  add(key: string): void {
    this.#first ??= key;
    this.#count += 1;
  }

  report(report: ReportFault): void {
    if (this.#first === undefined) return;
    const others = this.#count === 1 ? '' : ` and ${this.#count - 1} more`;
    report(`row ${this.#first}${others} of the ledger cannot be read and is skipped`, undefined);
  }
}

/** Milliseconds as text that sorts by time. */
export function timeKey(time: number): string {
  if (time === Number.POSITIVE_INFINITY) return KEYS_END;
  return String(Math.max(0, Math.floor(time))).padStart(15, '0');
}
