import { type CaseDetail, PAGE_SIZE } from '../../qcc/methods.js';
import { isCompanyKeyNo, readSearchKey } from '../../qcc/search-key.js';
import type { CacheReader, Held } from '../../upstream/handler.js';
import type { FoundBy } from '../../upstream/provenance.js';
import { applyHead, applyPage, type ListState, newListState, pagesNeeded } from '../paging/list-state.js';
import { type PlacedRow, unseenRows } from '../paging/page-loader.js';
import { type PageDemand, pagesOf, planPages, rangeOf } from '../paging/page-plan.js';
import { type DetailPlan, readCompany, readDetails, readRoot, type WindowPlan } from './purchase-plan.js';
import type { Selection } from './selection.js';
import { pagesAnywhere, worstOf } from './worst-case.js';

/** How many answers an operation may have to buy. */
export interface Estimate {
  readonly min: number;
  readonly max: number;
}

/** A case whose detail is wanted, of which no more is known than where it stands. */
interface UnseenRow {
  /** Whether it is sure to be there. */
  readonly certain: boolean;
  /** What is selected of the companies that its debtor may be. */
  readonly companies: ReadonlySet<Selection>;
}

/** What one list will need. */
interface ListEstimate extends Estimate {
  /** By place in the list. */
  readonly unseen: ReadonlyMap<string, UnseenRow>;
}

/**
 * What an operation will bill, before it runs: from what it selects, and from what has been bought already. Rows that
 * have not been seen count as cases whose details have not been bought.
 */
export async function estimate(root: Selection, cacheReader: CacheReader): Promise<Estimate> {
  const estimation = new Estimation(cacheReader);
  const { companies, cases } = readRoot(root);
  for (const { searchKey, selection } of companies) estimation.addCompany(searchKey, selection);
  for (const { id, selection } of cases) await estimation.addCase(id, [selection], 'ID');
  return estimation.settle();
}

/** A case whose detail must be bought. */
interface BoughtCase {
  readonly foundBy: Set<FoundBy>;
  /** What is selected of the companies that its debtor may be. */
  readonly companies: Set<Selection>;
}

class Estimation {
  readonly #selections = new Map<string, Selection[]>();
  readonly #lists = new Map<string, ListEstimate>();
  readonly #unread = new Set<string>();
  /** Cases whose details must be bought, and what is selected of their debtors' companies. */
  readonly #bought = new Map<string, BoughtCase>();

  constructor(private readonly cacheReader: CacheReader) {}

  addCompany(searchKey: string, selection: Selection): void {
    const known = this.#selections.get(searchKey) ?? [];
    if (known.includes(selection)) return;
    this.#selections.set(searchKey, [...known, selection]);
    this.#unread.add(searchKey);
  }

  /** @param foundBy `ID`: the case has no list row, so that any of its fields needs the detail */
  async addCase(id: string, cases: readonly Selection[], foundBy: FoundBy): Promise<void> {
    const whole = foundBy === 'ID';
    const details = readDetails(cases);
    if (details === null && !whole) return;
    const plan = details ?? { bought: false, companies: [] };
    const held = await this.cacheReader.held<'GetDetail'>({ method: 'GetDetail', id });
    if (held) this.#follow(held, plan);
    else if (whole || plan.bought) {
      const bought = this.#bought.get(id) ?? { foundBy: new Set(), companies: new Set() };
      this.#bought.set(id, bought);
      bought.foundBy.add(foundBy);
      for (const company of plan.companies) bought.companies.add(company);
    }
  }

  async settle(): Promise<Estimate> {
    for (const searchKey of this.#unread) {
      this.#unread.delete(searchKey);
      this.#lists.set(searchKey, await this.#list(searchKey));
    }
    let [min, max] = [this.#bought.size, this.#bought.size];
    for (const { companies } of this.#bought.values()) max += worstOf(companies);
    for (const [searchKey, list] of this.#lists) {
      min += list.min;
      max += list.max;
      for (const { companies } of list.unseen.values()) max += 1 + worstOf(companies);
      const unseen = certainOf(list);
      if (unseen > 0) min += Math.max(0, unseen - (await this.#foundOtherwise(searchKey)));
    }
    return { min, max };
  }

  /** How many of a list's unseen cases may be bought, or have been, through a list under another kind of key, or by id. */
  async #foundOtherwise(searchKey: string): Promise<number> {
    const { kind } = readSearchKey(searchKey);
    let count = await this.cacheReader.detailsFoundOtherwise(kind);
    for (const { foundBy } of this.#bought.values()) if (!foundBy.has(kind)) count += 1;
    for (const [other, list] of this.#lists) {
      if (readSearchKey(other).kind !== kind) count += certainOf(list);
    }
    return count;
  }

  /** A detail at hand tells whose list is asked under it. */
  #follow(held: Held<'GetDetail'>, { companies }: DetailPlan): void {
    const debtor = held.kind === 'answer' ? companyOf(held.answer.data) : undefined;
    if (debtor === undefined) return;
    for (const selection of companies) this.addCompany(debtor, selection);
  }

  async #list(searchKey: string): Promise<ListEstimate> {
    const plans = (this.#selections.get(searchKey) ?? []).map((one) => readCompany(one, searchKey));
    const demands = plans.flatMap((plan) => plan.demands);
    if (!demands.some(({ rows, total, verified }) => rows || total || verified)) return nothing;
    const state = newListState();
    const head = await this.cacheReader.headOf(searchKey);
    if (head) applyHead(state, head);
    const pages = new Map<number, Held<'GetList'> | undefined>();
    let [certain, possible] = [0, 0];
    for (;;) {
      const alive = demands.filter((demand) => !fails(demand, pages, state));
      const next = planPages(alive, state.extent, state.verified !== null, new Set(pages.keys()));
      if (next.length === 0) break;
      for (const page of next) {
        const held = await this.cacheReader.held<'GetList'>({ method: 'GetList', searchKey, page });
        pages.set(page, held);
        if (held?.kind === 'answer') applyPage(state, page, held.answer);
        else if (held === undefined && (state.extent.total !== null || certain === 0)) certain += 1;
        else if (held === undefined) possible += 1;
      }
    }
    const unseen = new Map<string, UnseenRow>();
    for (const planned of plans.flatMap(({ windows }) => windows)) {
      possible += await this.#rows(searchKey, planned, pages, state, unseen);
    }
    return { min: certain, max: certain + possible, unseen };
  }

  /** Takes the rows of a window. Gives how many pages more it may need, where it is not known where it stands. */
  async #rows(
    searchKey: string,
    { window, demand, cases }: WindowPlan,
    pages: ReadonlyMap<number, Held<'GetList'> | undefined>,
    state: ListState,
    unseen: Map<string, UnseenRow>,
  ): Promise<number> {
    if (!demand.rows || fails(demand, pages, state)) return 0;
    const details = readDetails(cases);
    const see = (place: string, certain: boolean) => {
      if (!details?.bought) return;
      const companies = new Set([...(unseen.get(place)?.companies ?? []), ...details.companies]);
      unseen.set(place, { certain, companies });
    };
    const range = rangeOf(window, state.extent);
    if (range === null) {
      for (let row = 1; row <= window.count; row++) see(`last ${row}`, false);
      return pagesAnywhere(window.count);
    }
    const { kind } = readSearchKey(searchKey);
    const seen: PlacedRow[] = [];
    for (const page of pagesOf(range)) {
      const held = pages.get(page);
      for (let index = 0; index < PAGE_SIZE; index++) {
        const offset = (page - 1) * PAGE_SIZE + index;
        if (offset < range.from || offset >= range.to) continue;
        const row = held?.kind === 'answer' ? held.answer.data.rows[index] : undefined;
        if (row) seen.push({ row, offset });
        if (!held) see(String(offset), state.extent.total !== null);
      }
    }
    for (const { row } of unseenRows(window, seen)) await this.addCase(row.id, cases, kind);
    return 0;
  }
}

function certainOf({ unseen }: ListEstimate): number {
  return [...unseen.values()].filter(({ certain }) => certain).length;
}

const nothing: ListEstimate = { min: 0, max: 0, unseen: new Map() };

/** Whether a page that a demand needs is known to be refused. */
function fails(
  demand: PageDemand,
  pages: ReadonlyMap<number, Held<'GetList'> | undefined>,
  state: ListState,
): boolean {
  return pagesNeeded(demand, state).some((page) => pages.get(page)?.kind === 'refusal');
}

function companyOf(detail: CaseDetail | null): string | undefined {
  const keyNo = detail?.judgmentDebtor?.keyNo;
  return typeof keyNo === 'string' && isCompanyKeyNo(keyNo) ? keyNo : undefined;
}
