import { type CaseDetail, PAGE_SIZE } from '../../qcc/methods.js';
import { isCompanyKeyNo } from '../../qcc/search-key.js';
import type { CacheReader, Held } from '../../upstream/handler.js';
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

/** Rows not seen yet whose details are selected: by place, what is selected of the companies their debtors may be. */
type UnseenRows = ReadonlyMap<string, ReadonlySet<Selection>>;

/** What one list will need. */
interface ListEstimate extends Estimate {
  readonly unseen: UnseenRows;
}

/**
 * What an operation will bill, before it runs: from what it selects, and from what has been bought already. Rows that
 * have not been seen count as cases whose details have not been bought.
 */
export async function estimate(root: Selection, cacheReader: CacheReader): Promise<Estimate> {
  const estimation = new Estimation(cacheReader);
  const { companies, cases } = readRoot(root);
  for (const { searchKey, selection } of companies) estimation.addCompany(searchKey, selection);
  for (const { id, selection } of cases) await estimation.addCase(id, [selection], { hasRow: false });
  return estimation.settle();
}

/** A case whose detail must be bought. */
interface BoughtCase {
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

  /** @param hasRow false: the case has no list row, so any of its fields needs the detail */
  async addCase(id: string, cases: readonly Selection[], { hasRow }: { hasRow: boolean }): Promise<void> {
    const details = readDetails(cases);
    if (details === null && hasRow) return;
    const plan = details ?? { bought: false, companies: [] };
    const held = await this.cacheReader.held<'GetDetail'>({ method: 'GetDetail', id });
    if (held) this.#follow(held, plan);
    else if (!hasRow || plan.bought) {
      const bought = this.#bought.get(id) ?? { companies: new Set() };
      this.#bought.set(id, bought);
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
    for (const list of this.#lists.values()) {
      min += list.min;
      max += list.max;
      for (const companies of list.unseen.values()) max += 1 + worstOf(companies);
    }
    return { min, max };
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
    const unseen = new Map<string, ReadonlySet<Selection>>();
    for (const planned of plans.flatMap(({ windows }) => windows)) {
      possible += await this.#rows(planned, pages, state, unseen);
    }
    return { min: certain, max: certain + possible, unseen };
  }

  /** Takes the rows of a window. Gives how many pages more it may need, where it is not known where it stands. */
  async #rows(
    { window, demand, cases }: WindowPlan,
    pages: ReadonlyMap<number, Held<'GetList'> | undefined>,
    state: ListState,
    unseen: Map<string, ReadonlySet<Selection>>,
  ): Promise<number> {
    if (!demand.rows || fails(demand, pages, state)) return 0;
    const details = readDetails(cases);
    const see = (place: string) => {
      if (!details?.bought) return;
      unseen.set(place, new Set([...(unseen.get(place) ?? []), ...details.companies]));
    };
    const range = rangeOf(window, state.extent);
    if (range === null) {
      for (let row = 1; row <= window.count; row++) see(`last ${row}`);
      return pagesAnywhere(window.count);
    }
    const seen: PlacedRow[] = [];
    for (const page of pagesOf(range)) {
      const held = pages.get(page);
      for (let index = 0; index < PAGE_SIZE; index++) {
        const offset = (page - 1) * PAGE_SIZE + index;
        if (offset < range.from || offset >= range.to) continue;
        const row = held?.kind === 'answer' ? held.answer.data.rows[index] : undefined;
        if (row) seen.push({ row, offset });
        if (!held) see(String(offset));
      }
    }
    for (const { row } of unseenRows(window, seen)) await this.addCase(row.id, cases, { hasRow: true });
    return 0;
  }
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
