import type { Answer } from '../../qcc/call.js';
import type { CasePage, CaseRow } from '../../qcc/cases.js';
import { PAGE_SIZE } from '../../qcc/methods.js';
import { applyPage, applySummary, isConsistent, newListState, pagesNeeded } from './list-state.js';
import { type PageDemand, pagesOf, planPages, type Range, rangeOf } from './page-plan.js';
import type { PageSource } from './page-source.js';
import type { Window } from './window.js';

/** A row and its offset in the list; 0 is the first. */
export interface PlacedRow {
  readonly row: CaseRow;
  readonly offset: number;
}

/** What a demand gets. Null: not asked for, and not known. */
export interface Slice {
  readonly rows: readonly PlacedRow[];
  readonly range: Range;
  readonly total: number | null;
  readonly verified: boolean | null;
}

/** A page that a newer answer about its list contradicts. */
export interface OutdatedPage {
  readonly page: number;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
}

/** What one operation has loaded of one list. */
export class List {
  readonly #pages = new Map<number, Answer<CasePage> | Error>();
  readonly #loading = new Map<number, Promise<void>>();
  #summary: Promise<void> | undefined;
  readonly #state = newListState();

  constructor(
    private readonly searchKey: string,
    private readonly source: PageSource,
  ) {}

  /** Loads what the demands need. A demand gets the error of a page that it cannot do without. */
  async settle(demands: readonly PageDemand[]): Promise<(Slice | Error)[]> {
    if (demands.some(({ rows, total, verified }) => rows || total || verified)) {
      this.#summary ??= this.#loadSummary();
      await this.#summary;
    }
    for (;;) {
      const { extent, verified } = this.#state;
      const open = demands.filter((demand) => this.#failureOf(demand) === undefined);
      const pages = planPages(open, extent, verified !== null, new Set(this.#pages.keys()));
      if (pages.length === 0) break;
      await Promise.all(pages.map((page) => this.#load(page)));
    }
    if (this.#pages.size === 0 && this.#state.extent.total !== null) this.source.onSummaryHit();
    return demands.map((demand) => this.#failureOf(demand) ?? this.#slice(demand));
  }

  outdated(): OutdatedPage[] {
    return [...this.#pages].flatMap(([page, answer]) =>
      answer instanceof Error || isConsistent(this.#state, page, answer)
        ? []
        : [{ page, receivedAt: answer.receivedAt }],
    );
  }

  async #loadSummary(): Promise<void> {
    const summary = await this.source.summary(this.searchKey);
    if (summary) applySummary(this.#state, summary);
  }

  #load(page: number): Promise<void> {
    const already = this.#loading.get(page);
    if (already) return already;
    const loading = this.source.page(this.searchKey, page).then(
      (answer) => {
        this.#pages.set(page, answer);
        applyPage(this.#state, page, answer);
      },
      (error: unknown) => {
        this.#pages.set(page, error instanceof Error ? error : new Error(String(error)));
      },
    );
    this.#loading.set(page, loading);
    return loading;
  }

  #failureOf(demand: PageDemand): Error | undefined {
    for (const page of pagesNeeded(demand, this.#state)) {
      const answer = this.#pages.get(page);
      if (answer instanceof Error) return answer;
    }
    return undefined;
  }

  #slice({ window, rows: wantsRows }: PageDemand): Slice {
    const { extent, verified, minLength } = this.#state;
    const range = (window && rangeOf(window, extent)) ?? { from: 0, to: 0 };
    const rows = window && wantsRows ? distinctRows(window, this.#rowsIn(range)) : [];
    return { rows, range, total: extent.total ?? (minLength || null), verified };
  }

  #rowsIn({ from, to }: Range): PlacedRow[] {
    return pagesOf({ from, to }).flatMap((page) => {
      const answer = this.#pages.get(page);
      if (answer === undefined || answer instanceof Error) return [];
      const first = (page - 1) * PAGE_SIZE;
      return answer.data.rows
        .map((row, index) => ({ row, offset: first + index }))
        .filter(({ offset }) => offset >= from && offset < to);
    });
  }
}

/** The rows of a window, each case once: a list that changed between two pages may show a case on both. */
export function distinctRows(window: Window, rows: readonly PlacedRow[]): PlacedRow[] {
  const anchor = rows.findIndex(({ row }) => row.id === window.anchor);
  // If the list has grown above the cursor, the cursor's own row moved into the window; the client has seen it.
  const unseen = anchor >= 0 && anchor < rows.length - 1 ? rows.slice(anchor + 1) : rows;
  const ids = new Set<string>();
  return unseen.filter(({ row }) => !ids.has(row.id) && ids.add(row.id));
}
