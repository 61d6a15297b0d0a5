/** A row of the journal. Keys sort as text. */
export interface Row {
  readonly key: string;
  readonly bytes: Uint8Array;
}

/** What the ledger needs of a store: rows that are written durably and read in order. Every method may reject. */
export interface Journal {
  /** Writes a row durably; replaces the row under the same key. */
  append(row: Row): Promise<void>;
  /** The rows whose keys are `from` or above and below `to`, in order, as they are read. */
  rows(from: string, to: string): AsyncIterable<Row>;
  /** Removes the rows below a key. */
  prune(below: string): Promise<void>;
}
