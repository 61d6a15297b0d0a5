import { once } from 'node:events';
import { createWriteStream, statSync, type WriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { stringify } from 'csv-stringify/sync';
import { ScreenError } from '../errors.js';

export type RowFormat = 'csv' | 'jsonl';
export type Cell = string | number | boolean | null;

/** Without it Excel takes UTF-8 for the code page of the system, and shows Chinese as noise. */
const BYTE_ORDER_MARK = '\ufeff';

/** Writes rows to a file, which has the suffix `.part` until it is whole, or to standard output. */
export class RowFile<Column extends string> {
  #error: Error | undefined;

  private constructor(
    private readonly stream: WriteStream | NodeJS.WriteStream,
    private readonly path: string | undefined,
    private readonly columns: readonly Column[],
    private readonly format: RowFormat,
  ) {
    stream.on('error', (error) => {
      this.#error ??= error;
    });
  }

  /**
   * @param path undefined: standard output
   * @throws ScreenError if the file cannot be written
   */
  static async open<Column extends string>(
    path: string | undefined,
    columns: readonly Column[],
    format: RowFormat,
  ): Promise<RowFile<Column>> {
    // A file that is renamed would take the place of a device.
    if (path !== undefined && statSync(path, { throwIfNoEntry: false })?.isFile() === false) {
      throw new ScreenError('--out must be a file, and is a folder or a device');
    }
    const stream = path === undefined ? process.stdout : createWriteStream(partOf(path));
    const file = new RowFile(stream, path, columns, format);
    if (path !== undefined) {
      await once(stream, 'open').catch((error: unknown) => {
        throw file.#writeFault(error);
      });
    }
    if (format === 'csv') await file.#write(BYTE_ORDER_MARK + csvLine(columns));
    return file;
  }

  /** @throws ScreenError if the file cannot be written */
  async write(row: Readonly<Record<Column, Cell>>): Promise<void> {
    await this.#write(
      this.format === 'csv'
        ? csvLine(this.columns.map((column) => row[column]))
        : `${JSON.stringify(Object.fromEntries(this.columns.map((column) => [column, row[column]])))}\n`,
    );
  }

  /** Closes the file and, if it is whole, gives it its name. @throws ScreenError if that fails */
  async close({ isWhole }: { isWhole: boolean }): Promise<void> {
    if (this.path === undefined) return;
    try {
      if (this.#error) throw this.#error;
      this.stream.end();
      await finished(this.stream);
      if (isWhole) await rename(partOf(this.path), this.path);
    } catch (error) {
      throw this.#writeFault(error);
    }
  }

  async #write(text: string): Promise<void> {
    if (this.#error) throw this.#writeFault(this.#error);
    if (this.stream.write(text)) return;
    await once(this.stream, 'drain').catch((error: unknown) => {
      throw this.#writeFault(error);
    });
  }

  #writeFault(error: unknown): ScreenError {
    const place = this.path === undefined ? 'Standard output' : '--out';
    return new ScreenError(
      `${place} must be a writable file: ${error instanceof Error ? error.message : error}`,
    );
  }
}

function partOf(path: string): string {
  return `${path}.part`;
}

/** In CSV, a text that a spreadsheet would take for a formula begins with an apostrophe. */
function csvLine(cells: readonly Cell[]): string {
  return stringify([[...cells]], { escape_formulas: true, cast: { boolean: String } });
}
