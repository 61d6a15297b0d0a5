import { askCompanies, type CompanyAnswer } from './ask/company-asker.js';
import type { CompanyResult } from './ask/company-result.js';
import { unread } from './ask/company-result.js';
import { inOrder } from './ask/in-order.js';
import type { Phase } from './ask/phase.js';
import type { WindowAsker } from './ask/window-asker.js';
import type { CompanyList } from './list/company-list.js';
import { type DistinctCompanies, inBatches, type ReadRow, readRow } from './list/distinct-companies.js';
import type { Progress } from './output/progress.js';
import type { Stop } from './stop.js';

const CONCURRENCY = { inFlight: 4, ahead: 8 };
/** Rows of a step, though they name few companies. */
const MAX_STEP_ROWS = 1000;

/** Rows that follow each other, and the companies that they name first. */
interface Step {
  readonly rows: readonly ReadRow[];
  readonly companies: readonly { readonly id: string; readonly searchKey: string }[];
}

/** A row of the list with what was found out about its company. */
export interface ScreenedRow {
  readonly row: ReadRow;
  readonly result: CompanyResult;
  /** The cases that were read; empty where a row before has named the company. */
  readonly cases: CompanyAnswer['cases'];
}

/** Asks about the companies of a list. It holds the results of few companies at a time. */
export class Screening {
  /** Results that are needed again, by id of the company. */
  readonly #remembered = new Map<string, CompanyResult>();

  constructor(
    private readonly list: CompanyList,
    private readonly companies: DistinctCompanies,
    private readonly asker: WindowAsker,
    private readonly stop: Stop,
  ) {}

  /**
   * Asks about every company once, and remembers the results that need no further question.
   *
   * @returns how many cases the other companies have, by search key
   */
  async firstPages(phase: Phase, progress: Progress): Promise<Map<string, number>> {
    const totals = new Map<string, number>();
    const batches = this.stop.whileRunning(inBatches(this.companies, phase.depth.companies));
    const asked = inOrder(batches, CONCURRENCY, async (batch) => ({
      batch,
      answers: await this.#ask(batch, phase),
    }));
    for await (const { batch, answers } of asked) {
      progress.add(batch.length);
      for (const [index, { id, searchKey }] of batch.entries()) {
        const result = answers[index]?.result;
        if (result?.outcome === 'found') totals.set(searchKey, result.cases ?? 0);
        else if (result) this.#remembered.set(id, result);
      }
    }
    return totals;
  }

  /** Yields the rows in the order of the list. Rows of companies that the screen was stopped before are left out. */
  async *rows(phase: Phase, progress: Progress): AsyncGenerator<ScreenedRow> {
    const steps = this.stop.whileRunning(this.#steps(phase.depth.companies));
    const asked = inOrder(steps, CONCURRENCY, async (step) => {
      const open = step.companies.filter(({ id }) => !this.#remembered.has(id));
      return { step, open, answers: await this.#ask(open, phase) };
    });
    for await (const { step, open, answers } of asked) {
      progress.add(step.companies.length);
      const byId = new Map(open.map(({ id }, index) => [id, answers[index]]));
      for (const row of step.rows) yield* this.#screened(row, byId);
    }
  }

  *#screened(row: ReadRow, answers: Map<string, CompanyAnswer | undefined>): Generator<ScreenedRow> {
    if (row.kind === 'invalid') {
      yield { row, result: unread('invalid', row.error), cases: [] };
      return;
    }
    const answer = answers.get(row.id);
    const result = answer?.result ?? this.#remembered.get(row.id);
    if (result === undefined) return;
    // The next row of the company is a later one of this step, or in a step that names it no more.
    answers.delete(row.id);
    if (this.companies.rowsOf(row.id) > 1) this.#remembered.set(row.id, result);
    yield { row, result, cases: answer?.cases ?? [] };
  }

  #ask(batch: Step['companies'], phase: Phase): Promise<(CompanyAnswer | undefined)[]> {
    if (batch.length === 0) return Promise.resolve([]);
    return askCompanies(
      batch.map(({ searchKey }) => searchKey),
      this.asker,
      phase,
    );
  }

  *#steps(size: number): Generator<Step> {
    const seen = new Set<string>();
    let rows: ReadRow[] = [];
    let companies: { id: string; searchKey: string }[] = [];
    for (const listed of this.list.rows) {
      const row = readRow(listed);
      rows.push(row);
      if (row.kind === 'company' && !seen.has(row.id)) {
        seen.add(row.id);
        companies.push({ id: row.id, searchKey: row.key.text });
      }
      if (companies.length < size && rows.length < MAX_STEP_ROWS) continue;
      yield { rows, companies };
      [rows, companies] = [[], []];
    }
    if (rows.length > 0) yield { rows, companies };
  }
}
