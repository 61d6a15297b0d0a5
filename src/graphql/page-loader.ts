import DataLoader from 'dataloader';
import { type Answer, type CasePage, type CaseRow, PAGE_SIZE, provenBy } from '../qcc/methods.js';
import type { ListHead } from '../spend/ask.js';
import { type Demand, type Extent, pagesOf, planPages, type Range, rangeOf, unknownExtent } from './plan.js';
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
  readonly demand: Demand;
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
  load(searchKey: string, demand: Demand): Promise<Slice> {
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
  #extent: Extent = unknownExtent;
  #verified: boolean | null = null;
  /** How long the list is at least. */
  #proven = 0;
  /** When the answer came that told the length; the newest one counts. */
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly searchKey: string,
    private readonly source: PageSource,
  ) {}

  async settle(demands: readonly Demand[]): Promise<(Slice | Error)[]> {
    if (demands.some(({ rows, total, verified }) => rows || total || verified)) {
      this.#head ??= this.#lookUp();
      await this.#head;
    }
    for (;;) {
      const alive = demands.filter((demand) => this.#failure(demand) === undefined);
      const pages = planPages(alive, this.#extent, this.#verified !== null, new Set(this.#pages.keys()));
      if (pages.length === 0) break;
      await Promise.all(pages.map((page) => this.#get(page)));
    }
    if (this.#pages.size === 0 && this.#extent.total !== null) this.source.headServed();
    return demands.map((demand) => this.#failure(demand) ?? this.#slice(demand));
  }

  outdated(): { page: number; receivedAt: number }[] {
    const { total } = this.#extent;
    return [...this.#pages].flatMap(([page, got]) => {
      if (got instanceof Error || got.receivedAt >= this.#toldAt || total === null) return [];
      const { data, receivedAt } = got;
      const rows = Math.max(0, Math.min(PAGE_SIZE, total - (page - 1) * PAGE_SIZE));
      const agrees = data.total === null ? data.rows.length === rows : data.total === total;
      return agrees ? [] : [{ page, receivedAt }];
    });
  }

  async #lookUp(): Promise<void> {
    const head = await this.source.head(this.searchKey);
    if (head === undefined) return;
    this.#tell(head.total, head.receivedAt);
    this.#verified = head.verified;
  }

  #get(page: number): Promise<void> {
    const already = this.#under.get(page);
    if (already) return already;
    const getting = this.source.page(this.searchKey, page).then(
      (got) => {
        this.#pages.set(page, got);
        this.#learn(page, got);
      },
      (error: unknown) => {
        this.#pages.set(page, error instanceof Error ? error : new Error(String(error)));
      },
    );
    this.#under.set(page, getting);
    return getting;
  }

  #learn(page: number, { data: { total, verified, rows }, receivedAt }: Answer<CasePage>): void {
    this.#proven = Math.max(this.#proven, provenBy(page, rows));
    // Where no length is told, a page that is not full ends the list.
    const ends = rows.length > 0 && rows.length < PAGE_SIZE ? provenBy(page, rows) : null;
    const told = total ?? (this.#extent.total === null ? ends : null);
    if (told !== null && receivedAt >= this.#toldAt) this.#tell(told, receivedAt);
    if (rows.length === 0 && receivedAt >= this.#toldAt) {
      const { total: known, atMost } = this.#extent;
      this.#extent = { total: known, atMost: Math.min(atMost, (page - 1) * PAGE_SIZE) };
    }
    this.#verified = verified ?? this.#verified;
  }

  #tell(total: number, receivedAt: number): void {
    this.#extent = { total, atMost: Math.min(total, unknownExtent.atMost) };
    this.#toldAt = receivedAt;
  }

  /** The error of a page that the demand cannot do without. */
  #failure({ window, rows, total, verified }: Demand): Error | undefined {
    const range = rows && window ? rangeOf(window, this.#extent) : undefined;
    const needed = range ? pagesOf(range) : [];
    const unmet =
      (total && this.#extent.total === null && this.#proven === 0) ||
      (verified && this.#verified === null) ||
      range === null;
    for (const page of unmet ? [...needed, 1] : needed) {
      const got = this.#pages.get(page);
      if (got instanceof Error) return got;
    }
    return undefined;
  }

  #slice({ window, rows: wanted }: Demand): Slice {
    const range = (window && rangeOf(window, this.#extent)) ?? { from: 0, to: 0 };
    const rows = window && wanted ? this.#rows(window, range) : [];
    return { rows, range, total: this.#extent.total ?? (this.#proven || null), verified: this.#verified };
  }

  /** Rows of a range, each case once: a list that changed between two pages may show one on both. */
  #rows(window: Window, range: Range): PlacedRow[] {
    const placed = this.#between(range);
    const anchor = placed.findIndex(({ row }) => row.id === window.anchor);
    // The list has grown above the cursor: its own row was pushed into the window and has been seen already.
    const unseen = anchor >= 0 && anchor < placed.length - 1 ? placed.slice(anchor + 1) : placed;
    const ids = new Set<string>();
    return unseen.filter(({ row }) => !ids.has(row.id) && ids.add(row.id));
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
