import { CsvError, parse } from 'csv-parse/sync';
import * as z from 'zod';
import { InvoiceError } from './invoice-error.js';

/** What separates cells, in the order of preference. */
const SEPARATORS = [',', '\t', ';', '|'] as const;
/** How many rows are read to detect the separator. */
const SAMPLE = 200;
/** What a spreadsheet or a payment service writes before a number so that it stays text. */
const GUARD = /^['`‘’]+/;

/** One row of a table. */
export interface TableRow {
  /** Where it ends in the file, counted from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

const records = z.array(z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) }));

/**
 * Reads a table whose cells are separated by commas, tabs, semicolons or bars.
 *
 * @param isKnown whether a cell is one that the table must have; the separator that yields most rows with such a cell is right
 * @throws InvoiceError if the quotes of the table do not match
 */
export function readTable(text: string, isKnown: (cell: string) => boolean): readonly TableRow[] {
  let best: { separator: string; score: number } | undefined;
  for (const separator of SEPARATORS) {
    const rows = tryParse(text, separator, SAMPLE);
    const score = rows?.filter(({ cells }) => cells.some(isKnown)).length ?? 0;
    if (score > (best?.score ?? 0)) best = { separator, score };
  }
  return parseRows(text, best?.separator ?? ',', undefined);
}

/** The text of a cell, without what keeps a spreadsheet from taking it for a number. */
function cellText(cell: string): string {
  const visible = cell.replaceAll(/\p{Cf}/gu, '').trim();
  const [, quoted = visible] = /^=\s*"([^"]*)"$/.exec(visible) ?? [];
  return quoted.replace(GUARD, '').trim();
}

function tryParse(text: string, separator: string, to: number): readonly TableRow[] | undefined {
  try {
    return parseRows(text, separator, to);
  } catch (error) {
    if (error instanceof InvoiceError) return undefined;
    throw error;
  }
}

function parseRows(text: string, delimiter: string, to: number | undefined): readonly TableRow[] {
  try {
    const parsed = parse(text, {
      delimiter,
      info: true,
      relax_column_count: true,
      // A cell such as ="123" has quotes inside.
      relax_quotes: true,
      skip_empty_lines: true,
      ...(to === undefined ? {} : { to }),
    });
    return records
      .parse(parsed)
      .map(({ record, info }) => ({ line: info.lines, cells: record.map(cellText) }))
      .filter(({ cells }) => cells.some((cell) => cell !== ''));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new InvoiceError(`must be a CSV file: ${error.message}`);
  }
}
