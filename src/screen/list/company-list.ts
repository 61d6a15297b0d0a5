import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { ScreenError, ScreenUsageError } from '../errors.js';
import { decodeText } from './decode-text.js';

/** Headers of the column that holds the companies, in the order in which they are looked for. */
const KNOWN_HEADERS = ['企业名称', '公司名称', '统一社会信用代码', 'searchKey'];
/** Characters of an unknown header that a message repeats. */
const MAX_SHOWN = 40;

/** One row of a list. */
export interface ListRow {
  /** The cell as it was typed. */
  readonly typed: string;
  /** Why the row cannot be read. */
  readonly fault?: string;
}

export interface CompanyList {
  readonly rows: readonly ListRow[];
  readonly encoding: string;
  /** Which column the companies come from, in words. */
  readonly column: string;
}

/**
 * Reads a list of companies: CSV, TSV or one company a line.
 *
 * @param path decides between them by its extension; the first line decides for any other
 * @param column the header of the column; undefined: the first known header, else the first column
 * @throws ScreenError if it is no such list; ScreenUsageError if it has no such column
 */
export async function readCompanyList(
  bytes: Uint8Array,
  path: string,
  column: string | undefined,
): Promise<CompanyList> {
  const { text, encoding } = decodeText(bytes);
  const delimiter = delimiterOf(path, text, column);
  const rows: ListRow[] = [];
  let chosen: { readonly index: number; readonly description: string; readonly width: number } | undefined;
  for await (const cells of delimiter === undefined ? linesOf(text) : recordsOf(text, delimiter)) {
    if (chosen === undefined) {
      const index = columnIn(cells, column);
      chosen = {
        index: index ?? 0,
        description: index === undefined ? 'the first (no known header)' : (cells[index] ?? '').trim(),
        width: cells.length,
      };
      if (index !== undefined) continue;
    }
    rows.push(rowOf(cells, chosen.index, chosen.width));
  }
  if (rows.length === 0) throw new ScreenError('The list must hold at least one company; it is empty.');
  return { rows, encoding, column: chosen?.description ?? '' };
}

/** Undefined: one company a line. A comma before a space is part of a name such as `Example Co., Ltd.` */
function delimiterOf(path: string, text: string, column: string | undefined): string | undefined {
  if (/\.tsv$/i.test(path)) return '\t';
  const [firstLine = ''] = /[^\r\n]+/.exec(text) ?? [];
  if (firstLine.includes('\t')) return '\t';
  return /\.csv$/i.test(path) || column !== undefined || /,(?! )/.test(firstLine) ? ',' : undefined;
}

function* linesOf(text: string): Generator<readonly string[]> {
  for (const line of text.split(/\r\n|\n|\r/)) if (line.trim() !== '') yield [line];
}

async function* recordsOf(text: string, delimiter: string): AsyncGenerator<readonly string[]> {
  const parser = parse({ delimiter, relax_column_count: true, relax_quotes: true, skip_empty_lines: true });
  try {
    for await (const record of Readable.from([text]).pipe(parser)) {
      const cells: string[] = Array.isArray(record) ? record.map(String) : [];
      // A spreadsheet saves its empty rows as delimiters alone.
      if (cells.some((cell) => cell.trim() !== '')) yield cells;
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new ScreenError(`The list must be CSV, TSV or one company a line: ${error.message}`);
  }
}

/** Undefined if the first record is no header. @throws ScreenUsageError if `column` is not in it */
function columnIn(header: readonly string[], column: string | undefined): number | undefined {
  const names = header.map((name) => name.trim());
  const wanted = column === undefined ? KNOWN_HEADERS : [column.trim()];
  for (const name of wanted) if (names.includes(name)) return names.indexOf(name);
  if (column === undefined) return undefined;
  const known = names.map((name) => name.slice(0, MAX_SHOWN)).join(', ');
  throw new ScreenUsageError(`--column must be a header of the list: ${known}`);
}

function rowOf(cells: readonly string[], index: number, width: number): ListRow {
  const typed = cells[index] ?? '';
  if (!cells.slice(width).some((cell) => cell.trim() !== '')) return { typed };
  const fault = `The row has ${cells.length} cells, and the first row has ${width}. Put a value with a comma between double quotes.`;
  return { typed, fault };
}
