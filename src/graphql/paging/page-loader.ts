import DataLoader from 'dataloader';
import { type Answer, type CasePage, type CaseRow, PAGE_SIZE } from '../../qcc/methods.js';
import type { ListHead } from '../../upstream/handler.js';
import { agrees, applyHead, applyPage, newListState, pagesNeeded } from './list-state.js';
import { type PageDemand, pagesOf, planPages, type Range, rangeOf } from './page-plan.js';
import type { Window } from './window.js';

/** A row and its place in the list, 0 the first. */
export interface PlacedRow {
  readonly row: CaseRow;
  readonly offset: number;
}

/** What a demand gets. Null stands for what it did not ask and nothing told. */
export interface Slice {
  readonly rows: readonly PlacedRow[];
  readonly range: Range;
  readonly total: number | null;
  readonly verified: boolean | null;
}

/** Where the pages of companies' lists come from. */
export interface PageSource {
  /** Gets one page, counted from 1. */
  page(searchKey: string, page: number): Promise<Answer<CasePage>>;
  /** What is known of a list at no cost. */
  head(searchKey: string): Promise<ListHead | undefined>;
  /** Told when that was all that was needed. */
  headServed(): void;
}

/** A page that a newer answer has overtaken. */
export interface OutdatedPage {
  readonly searchKey: string;
  readonly page: number;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
}

interface Asked {
  readonly searchKey: string;
  readonly demand: PageDemand;
}

/**
 * One per request. What a tick asks of a company becomes one plan; each page is got once, and a page that failed is not
 * got again.
 */
export class PageLoader {
  readonly #lists = new Map<string, List>();
  readonly #loader: DataLoader<Asked, Slice>;

  constructor(private readonly source: PageSource) {
    this.#loader = new DataLoader<Asked, Slice>((asked) => this.#settle(asked), { cache: false });
  }

  /** @throws whatever the pages that the demand needs failed with */
  load(searchKey: string, demand: PageDemand): Promise<Slice> {
    return this.#loader.load({ searchKey, demand });
  }

  /** The pages that told another length of their list than a newer one did. */
  outdated(): OutdatedPage[] {
    return [...this.#lists].flatMap(([searchKey, list]) =>
      list.outdated().map((page) => ({ searchKey, ...page })),
    );
  }

  async #settle(asked: readonly Asked[]): Promise<(Slice | Error)[]> {
    const groups = new Map<string, Asked[]>();
    for (const one of asked) {
      const group = groups.get(one.searchKey);
      if (group) group.push(one);
      else groups.set(one.searchKey, [one]);
    }
    const settled = new Map<Asked, Slice | Error>();
    await Promise.all(
      [...groups].map(async ([searchKey, group]) => {
        const slices = await this.#list(searchKey).settle(group.map(({ demand }) => demand));
        for (const [index, one] of group.entries()) {
          const slice = slices[index];
          if (slice) settled.set(one, slice);
        }
      }),
    );
    return asked.map((one) => settled.get(one) ?? new Error('a demand was left out of its plan'));
  }

  #list(searchKey: string): List {
    const known = this.#lists.get(searchKey);
    if (known) return known;
    const list = new List(searchKey, this.source);
    this.#lists.set(searchKey, list);
    return list;
  }
}

/** What one request has got of one list. */
class List {
  readonly #pages = new Map<number, Answer<CasePage> | Error>();
  readonly #under = new Map<number, Promise<void>>();
  #head: Promise<void> | undefined;
  readonly #state = newListState();

  constructor(
    private readonly searchKey: string,
    private readonly source: PageSource,
  ) {}

  async settle(demands: readonly PageDemand[]): Promise<(Slice | Error)[]> {
    if (demands.some(({ rows, total, verified }) => rows || total || verified)) {
      this.#head ??= this.#lookUp();
      await this.#head;
    }
    for (;;) {
      const { extent, verified } = this.#state;
      const alive = demands.filter((demand) => this.#failure(demand) === undefined);
      const pages = planPages(alive, extent, verified !== null, new Set(this.#pages.keys()));
      if (pages.length === 0) break;
      await Promise.all(pages.map((page) => this.#get(page)));
    }
    if (this.#pages.size === 0 && this.#state.extent.total !== null) this.source.headServed();
    return demands.map((demand) => this.#failure(demand) ?? this.#slice(demand));
  }

  outdated(): { page: number; receivedAt: number }[] {
    return [...this.#pages].flatMap(([page, got]) =>
      got instanceof Error || agrees(this.#state, page, got) ? [] : [{ page, receivedAt: got.receivedAt }],
    );
  }

  async #lookUp(): Promise<void> {
    const head = await this.source.head(this.searchKey);
    if (head) applyHead(this.#state, head);
  }

  #get(page: number): Promise<void> {
    const already = this.#under.get(page);
    if (already) return already;
    const getting = this.source.page(this.searchKey, page).then(
      (got) => {
        this.#pages.set(page, got);
        applyPage(this.#state, page, got);
      },
      (error: unknown) => {
        this.#pages.set(page, error instanceof Error ? error : new Error(String(error)));
      },
    );
    this.#under.set(page, getting);
    return getting;
  }

  /** The error of a page that the demand cannot do without. */
  #failure(demand: PageDemand): Error | undefined {
    for (const page of pagesNeeded(demand, this.#state)) {
      const got = this.#pages.get(page);
      if (got instanceof Error) return got;
    }
    return undefined;
  }

  #slice({ window, rows: wanted }: PageDemand): Slice {
    const { extent, verified, proven } = this.#state;
    const range = (window && rangeOf(window, extent)) ?? { from: 0, to: 0 };
    const rows = window && wanted ? unseenRows(window, this.#between(range)) : [];
    return { rows, range, total: extent.total ?? (proven || null), verified };
  }

  #between({ from, to }: Range): PlacedRow[] {
    return pagesOf({ from, to }).flatMap((page) => {
      const got = this.#pages.get(page);
      if (got === undefined || got instanceof Error) return [];
      const base = (page - 1) * PAGE_SIZE;
      return got.data.rows
        .map((row, index) => ({ row, offset: base + index }))
        .filter(({ offset }) => offset >= from && offset < to);
    });
  }
}

/** Rows of a window, each case once: a list that changed between two pages may show one on both. */
export function unseenRows(window: Window, placed: readonly PlacedRow[]): PlacedRow[] {
  const anchor = placed.findIndex(({ row }) => row.id === window.anchor);
  // The list has grown above the cursor: its own row was pushed into the window and has been seen already.
  const unseen = anchor >= 0 && anchor < placed.length - 1 ? placed.slice(anchor + 1) : placed;
  const ids = new Set<string>();
  return unseen.filter(({ row }) => !ids.has(row.id) && ids.add(row.id));
}
