/** Whether a part of the store works as it should. */
export type StoreHealth = 'ok' | 'degraded';

/** The counter that counts a row. */
export interface Label {
  readonly group: string;
  readonly field: string;
  /** When the counter expires, in milliseconds since 1970. */
  readonly until: number;
}

/** A row of the journal. Keys sort as text. */
export interface Row {
  readonly key: string;
  /** Never empty. */
  readonly bytes: Uint8Array;
  /** Undefined: the row is not counted. All versions of a row have the same group and expiry. */
  readonly label?: Label | undefined;
}

/**
 * What the ledger needs of a store: rows that are written before a call is made, replaced once it has ended, and read in
 * order. Each row is counted by the counter that its label names. A row and its counters change in one step, so writing
 * the same row again changes no count.
 *
 * Every method may reject.
 */
export interface Journal {
  /** Writes a row, or replaces the row under the same key. Resolves once it survives the end of this process. */
  append(row: Row): Promise<void>;
  /** Does what `append` does. Resolves once the row is on the disk and every process and instance sees it. */
  settle(row: Row): Promise<void>;
  /** Removes a row, and takes it from its counter. */
  remove(row: Pick<Row, 'key' | 'label'>): Promise<void>;
  /** The rows whose keys are `from` or above and below `to`, in order, as they are read. */
  rows(from: string, to: string): AsyncIterable<Row>;
  /** Labels the rows of a range that have no label, in batches. Rows for which `labelOf` is undefined stay as they are. */
  label(from: string, to: string, labelOf: (row: Row) => Label | undefined): Promise<void>;
  /** Removes the rows below a key. Their counters stay until they expire. */
  prune(below: string): Promise<void>;
  /** Degraded while rows cannot be written, or wait to be shipped. */
  health(): StoreHealth;
}
