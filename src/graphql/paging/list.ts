import type { LoadedPage } from '../../cache/cached-item.js';
import type { Answer, Evidence } from '../../qcc/call.js';
import type { CasePage, CaseRow, InvalidRow } from '../../qcc/cases.js';
import { QccError } from '../../qcc/error.js';
import { PAGE_SIZE } from '../../qcc/methods.js';
import { applyPage, applySummary, extentOf, isOutdated, newListState, pagesNeeded } from './list-state.js';
import { type PageDemand, pagesOf, planPages, type Range, rangeOf } from './page-plan.js';
import type { PageSource } from './page-source.js';
import type { Window } from './window.js';

/** A row and its offset in the list; 0 is the first. */
export interface Placed<R> {
  readonly row: R;
  readonly offset: number;
}
export type PlacedRow = Placed<CaseRow>;

/** A row with the evidence of its page. */
type Bought<P> = P & { readonly evidence: Evidence };
export type BoughtRow = Bought<PlacedRow>;

/** What a demand gets. Null: not asked for, and not known. */
export interface Slice {
  readonly rows: readonly BoughtRow[];
  /** Rows of the window that are no case. */
  readonly invalid: readonly Placed<InvalidRow>[];
  readonly range: Range;
  /** At most `MAX_TOTAL`. */
  readonly total: number | null;
  /** Whether the list may go on after the window although no total says so. */
  readonly mayContinue: boolean;
  /** TotalRecords as QCC sent it, where it cannot be read or `total` cannot hold it. */
  readonly unreadableTotal: string | null;
  readonly verified: boolean | null;
  /** Of the pages that hold the rows; without rows, of the page that gave the total. In the order of the pages. */
  readonly evidence: readonly Evidence[];
}

/** The largest number of GraphQL's Int. */
const MAX_TOTAL = 2 ** 31 - 1;

/** A plan may follow the first page, and once more a total that changed meanwhile. A total that grows with each answer ends it. */
const MAX_ROUNDS = 4;

/** What one operation has loaded of one list. */
export class List {
  readonly #pages = new Map<number, Answer<CasePage> | Error>();
  readonly #loading = new Map<number, Promise<void>>();
  #summary: Promise<void> | undefined;
  readonly #state = newListState();

  constructor(
    readonly searchKey: string,
    private readonly source: PageSource,
  ) {}

  /** Loads what the demands need. A demand gets the error of a page that it cannot do without. */
  async settle(demands: readonly PageDemand[]): Promise<(Slice | Error)[]> {
    if (demands.some(({ rows, total, verified }) => rows || total || verified)) {
      this.#summary ??= this.#loadSummary();
      await this.#summary;
    }
    for (let round = 0; round < MAX_ROUNDS; ) {
      const open = demands.filter((demand) => this.#failureOf(demand) === undefined);
      const pages = planPages(
        open,
        extentOf(this.#state),
        this.#state.verified !== null,
        new Set(this.#pages.keys()),
      );
      if (pages.length === 0) break;
      // While no page has told the total, each page may be followed by another.
      if (this.#state.total !== null) round += 1;
      await Promise.all(pages.map((page) => this.#load(page)));
    }
    if (this.#pages.size === 0 && this.#state.total !== null) this.source.onSummaryHit();
    return demands.map((demand) => this.#failureOf(demand) ?? this.#unstable(demand) ?? this.#slice(demand));
  }

  /** The pages that were loaded. */
  get loaded(): LoadedPage[] {
    return [...this.#pages].flatMap(([page, answer]) => (answer instanceof Error ? [] : [{ page, answer }]));
  }

  /** Those that a newer answer about the list contradicts. */
  get outdated(): LoadedPage[] {
    return this.loaded.filter((page) => isOutdated(this.#state, page));
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
        // An answer for another page serves as that page.
        if (!this.#pages.has(answer.data.page)) this.#pages.set(answer.data.page, answer);
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

  /** The error of a demand whose pages could not all be loaded, because each answer gave another total. */
  #unstable(demand: PageDemand): Error | undefined {
    if (pagesNeeded(demand, this.#state).every((page) => this.#pages.has(page))) return undefined;
    const message = `QCC gave a different total for the list with each answer (the last: ${this.#state.total})`;
    return new QccError('UPSTREAM_BAD_RESPONSE', message, { retryable: true });
  }

  #slice({ window, rows: wantsRows }: PageDemand): Slice {
    const { verified, minLength, unreadableTotal } = this.#state;
    const extent = extentOf(this.#state);
    const range = (window && rangeOf(window, extent)) ?? { from: 0, to: 0 };
    const placed = window && wantsRows ? this.#rowsIn(range) : [];
    const rows = window ? distinctRows(window, placed.filter(isCase)) : [];
    const invalid = placed.filter((row): row is Bought<Placed<InvalidRow>> => !isCase(row));
    const total = extent.total ?? (minLength || null);
    const mayContinue = extent.total === null && minLength > 0 && range.to < extent.atMost;
    const evidence = this.#evidenceOf(range);
    const slice = { rows, invalid, range, mayContinue, verified, evidence };
    return total !== null && total > MAX_TOTAL
      ? { ...slice, total: MAX_TOTAL, unreadableTotal: String(total) }
      : { ...slice, total, unreadableTotal: this.#state.total === null ? unreadableTotal : null };
  }

  /** What the operation has loaded of a window; where that is none of its rows, what gave the total. */
  #evidenceOf(range: Range): Evidence[] {
    const covered = pagesOf(range).map((page) => this.#pages.get(page));
    const answers = covered.filter(
      (answer): answer is Answer<CasePage> => !(answer instanceof Error || !answer),
    );
    if (answers.length > 0 && answers.length === covered.length) return [...new Set(answers)];
    if (this.#state.toldBy) return [this.#state.toldBy];
    return this.loaded.slice(-1).map(({ answer }) => answer);
  }

  #rowsIn({ from, to }: Range): Bought<Placed<CaseRow | InvalidRow>>[] {
    return pagesOf({ from, to }).flatMap((page) => {
      const answer = this.#pages.get(page);
      if (answer === undefined || answer instanceof Error || answer.data.page !== page) return [];
      const first = (page - 1) * PAGE_SIZE;
      return answer.data.rows
        .map((row, index) => ({ row, offset: first + index, evidence: answer }))
        .filter(({ offset }) => offset >= from && offset < to);
    });
  }
}

/** Whether a row is a case, and not an invalid row. */
export function isCase<P extends Placed<CaseRow | InvalidRow>>(placed: P): placed is P & PlacedRow {
  return 'id' in placed.row;
}

/** The rows of a window, each case once: a list that changed between two pages may show a case on both. */
export function distinctRows<P extends PlacedRow>(window: Window, rows: readonly P[]): P[] {
  const anchor = rows.findIndex(({ row }) => row.id === window.anchor);
  // If the list has grown above the cursor, the cursor's own row moved into the window; the client has seen it.
  const unseen = anchor >= 0 && anchor < rows.length - 1 ? rows.slice(anchor + 1) : rows;
  const ids = new Set<string>();
  return unseen.filter(({ row }) => !ids.has(row.id) && ids.add(row.id));
}
