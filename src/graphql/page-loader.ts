import DataLoader from 'dataloader';
import type { CasePage, CaseRow } from '../qcc/methods.js';
import { PAGE_SIZE } from '../qcc/methods.js';
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

/** Gets one page of a company's list, counted from 1. */
export type GetPage = (searchKey: string, page: number) => Promise<CasePage>;

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

  constructor(private readonly getPage: GetPage) {
    this.#loader = new DataLoader<Asked, Slice>((asked) => this.#settle(asked), { cache: false });
  }

  /** @throws whatever the pages that the demand needs failed with */
  load(searchKey: string, demand: Demand): Promise<Slice> {
    return this.#loader.load({ searchKey, demand });
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
    const list = new List((page) => this.getPage(searchKey, page));
    this.#lists.set(searchKey, list);
    return list;
  }
}

/** What one request has got of one list. */
class List {
  readonly #pages = new Map<number, CasePage | Error>();
  readonly #under = new Map<number, Promise<void>>();
  #extent: Extent = unknownExtent;
  #verified: boolean | null = null;

  constructor(private readonly getPage: (page: number) => Promise<CasePage>) {}

  async settle(demands: readonly Demand[]): Promise<(Slice | Error)[]> {
    for (;;) {
      const alive = demands.filter((demand) => this.#failure(demand) === undefined);
      const pages = planPages(alive, this.#extent, this.#verified !== null, new Set(this.#pages.keys()));
      if (pages.length === 0) break;
      await Promise.all(pages.map((page) => this.#get(page)));
    }
    return demands.map((demand) => this.#failure(demand) ?? this.#slice(demand));
  }

  #get(page: number): Promise<void> {
    const already = this.#under.get(page);
    if (already) return already;
    const getting = this.getPage(page).then(
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

  #learn(page: number, { total, verified, rows }: CasePage): void {
    if (total !== null) this.#extent = { total, atMost: Math.min(total, unknownExtent.atMost) };
    else if (rows.length === 0) {
      this.#extent = {
        total: this.#extent.total,
        atMost: Math.min(this.#extent.atMost, (page - 1) * PAGE_SIZE),
      };
    }
    this.#verified = verified ?? this.#verified;
  }

  /** The error of a page that the demand cannot do without. */
  #failure({ window, rows, total, verified }: Demand): Error | undefined {
    const range = rows && window ? rangeOf(window, this.#extent) : undefined;
    const needed = range ? pagesOf(range) : [];
    const unmet =
      (total && this.#extent.total === null) || (verified && this.#verified === null) || range === null;
    for (const page of unmet ? [...needed, 1] : needed) {
      const got = this.#pages.get(page);
      if (got instanceof Error) return got;
    }
    return undefined;
  }

  #slice({ window, rows: wanted }: Demand): Slice {
    const range = (window && rangeOf(window, this.#extent)) ?? { from: 0, to: 0 };
    const rows = window && wanted ? this.#rows(window, range) : [];
    return { rows, range, total: this.#extent.total, verified: this.#verified };
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
      return got.rows
        .map((row, index) => ({ row, offset: base + index }))
        .filter(({ offset }) => offset >= from && offset < to);
    });
  }
}
