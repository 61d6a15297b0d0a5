import type { Outcome, OutcomeCounts } from '../ask/company-result.js';
import type { ScreenedRow } from '../screening.js';
import { RowFile, type RowFormat } from './row-file.js';
import { CASE_COLUMNS, COMPANY_COLUMNS, caseRow, companyRow, sourceOf } from './rows.js';

export interface ResultSettings {
  /** Undefined: standard output. */
  readonly out: string | undefined;
  readonly format: RowFormat;
  /** Whether the cases are written too, to a file beside `out`. */
  readonly cases: boolean;
}

/** What a screen writes: a row for each row of the list and, with `--cases`, the cases of each company once. */
export class ResultFiles {
  readonly #counts: Record<Outcome, number> = { none: 0, found: 0, invalid: 0, failed: 0 };

  private constructor(
    private readonly companies: RowFile<(typeof COMPANY_COLUMNS)[number]>,
    private readonly cases: RowFile<(typeof CASE_COLUMNS)[number]> | undefined,
  ) {}

  /** @throws ScreenError if a file cannot be written */
  static async open({ out, format, cases }: ResultSettings): Promise<ResultFiles> {
    const companies = await RowFile.open(out, COMPANY_COLUMNS, format);
    const path = out !== undefined && cases ? `${out}.cases.csv` : undefined;
    return new ResultFiles(
      companies,
      path === undefined ? undefined : await RowFile.open(path, CASE_COLUMNS, 'csv'),
    );
  }

  /** Rows that were written. */
  get rows(): number {
    return Object.values(this.#counts).reduce((sum, count) => sum + count, 0);
  }

  /** Rows that were written, by outcome. */
  get counts(): OutcomeCounts {
    return this.#counts;
  }

  /** @param sandbox whether the data is invented */
  async write({ row, result, cases }: ScreenedRow, sandbox: boolean): Promise<void> {
    const source = sourceOf(sandbox);
    if (this.cases && row.kind === 'company') {
      for (const one of cases) await this.cases.write(caseRow(row.typed, row.key.text, one, source));
    }
    await this.companies.write(companyRow(row, result, source));
    this.#counts[result.outcome] += 1;
  }

  /** @param isWhole whether every row was written: the files then get their names */
  async close(end: { isWhole: boolean }): Promise<void> {
    await this.cases?.close(end);
    await this.companies.close(end);
  }
}
