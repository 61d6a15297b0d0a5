import { foldSearchKey, readSearchKey, type SearchKey, SearchKeyError } from '../../qcc/search-key.js';
import type { ListRow } from './company-list.js';

/** A row of the list, read. */
export type ReadRow =
  | { readonly kind: 'company'; readonly typed: string; readonly key: SearchKey; readonly id: string }
  | { readonly kind: 'invalid'; readonly typed: string; readonly error: string };

/** Reads one row. Rows with one `id` are one company: the gateway folds width and case in the same way. */
export function readRow({ typed, fault }: ListRow): ReadRow {
  if (fault !== undefined) return { kind: 'invalid', typed, error: fault };
  try {
    const key = readSearchKey(typed);
    return { kind: 'company', typed, key, id: foldSearchKey(key.text) };
  } catch (error) {
    if (!(error instanceof SearchKeyError)) throw error;
    return { kind: 'invalid', typed, error: error.message };
  }
}

/** The companies of a list, each once. */
export class DistinctCompanies {
  /** By id: what is sent to QCC for the company, and how many rows name it. */
  readonly #companies = new Map<string, { readonly searchKey: string; rows: number }>();
  readonly invalidRows: number;

  constructor(rows: readonly ListRow[]) {
    let invalid = 0;
    for (const row of rows) {
      const read = readRow(row);
      if (read.kind === 'invalid') invalid += 1;
      else {
        const known = this.#companies.get(read.id);
        if (known) known.rows += 1;
        else this.#companies.set(read.id, { searchKey: read.key.text, rows: 1 });
      }
    }
    this.invalidRows = invalid;
  }

  get size(): number {
    return this.#companies.size;
  }

  rowsOf(id: string): number {
    return this.#companies.get(id)?.rows ?? 0;
  }

  /** In the order in which the list names them first. */
  *[Symbol.iterator](): Generator<{ readonly id: string; readonly searchKey: string }> {
    for (const [id, { searchKey }] of this.#companies) yield { id, searchKey };
  }
}

/** Groups items into lists of `size`; the last may be shorter. */
export function* inBatches<T>(items: Iterable<T>, size: number): Generator<readonly T[]> {
  let batch: T[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
