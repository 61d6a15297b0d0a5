import type { CacheReader } from '../../cache/cache-reader.js';
import type { CacheHit } from '../../cache/cached-item.js';
import type { CaseDetail, CasePage } from '../../qcc/cases.js';
import { getDetail, getList, PAGE_SIZE } from '../../qcc/methods.js';
import { foldSearchKey, readCompanyKeyNo } from '../../qcc/search-key.js';
import { distinctRows, isCase, type Placed } from '../paging/list.js';
import {
  applyPage,
  applySummary,
  extentOf,
  type ListState,
  newListState,
  pagesNeeded,
} from '../paging/list-state.js';
import { type PageDemand, pagesOf, planPages, rangeOf } from '../paging/page-plan.js';
import type { YieldToEventLoop } from '../yield-to-event-loop.js';
import { CallCounts } from './call-counts.js';
import {
  type CompanyPlan,
  type DetailPlan,
  type PurchasePlan,
  planCompany,
  planDetails,
  type WindowPlan,
} from './purchase-plan.js';
import type { Selection } from './selection.js';
import { maxPagesFor, worstOfDetail } from './worst-case.js';

/** The calls that an operation may have to buy: at least, and at most. */
export interface EstimatedCalls {
  readonly min: CallCounts;
  readonly max: CallCounts;
}

/** Pages of a list that are cached, by number; undefined where a page must be bought. */
type Pages = Map<number, CacheHit<CasePage> | undefined>;

/** Rows not seen yet whose details are selected: by place, what is selected on the companies that their debtors may be. */
type UnseenRows = Map<string, ReadonlySet<Selection>>;

/** Pages of a list that are bought: at least, and at most. */
interface ListEstimate {
  readonly min: number;
  readonly max: number;
  readonly unseen: UnseenRows;
}

/** What planning one field takes, in cases. */
const FIELD_WORK = 0.2;

const nothing: ListEstimate = { min: 0, max: 0, unseen: new Map() };

/**
 * What an operation will bill, before it runs, from its purchases and what is cached. Details of rows that nobody has seen
 * may be cached already, so they count in the maximum only.
 */
export async function estimate(
  { companies, cases }: PurchasePlan,
  cache: CacheReader,
  yieldToEventLoop: YieldToEventLoop,
): Promise<EstimatedCalls> {
  const estimation = new Estimation(cache, yieldToEventLoop);
  for (const { searchKey, selections } of companies.values()) {
    for (const selection of selections) estimation.addCompany(searchKey, selection);
  }
  for (const { id, selection } of cases) await estimation.addCase(id, [selection], { hasRow: false });
  return estimation.settle();
}

class Estimation {
  /** By folded key: what QCC is asked for, and what is selected. */
  readonly #companies = new Map<
    string,
    { readonly searchKey: string; readonly selections: Set<Selection> }
  >();
  readonly #lists = new Map<string, ListEstimate>();
  readonly #open = new Set<string>();
  /** Cases whose details must be bought, and what is selected on their debtors' companies. */
  readonly #details = new Map<string, Set<Selection>>();

  constructor(
    private readonly cache: CacheReader,
    private readonly yieldToEventLoop: YieldToEventLoop,
  ) {}

  addCompany(searchKey: string, selection: Selection): void {
    const company = foldSearchKey(searchKey);
    const known = this.#companies.get(company) ?? { searchKey, selections: new Set() };
    if (known.selections.has(selection)) return;
    known.selections.add(selection);
    this.#companies.set(company, known);
    this.#open.add(company);
  }

  /** @param hasRow false: the case has no list row, so any of its fields needs the detail */
  async addCase(id: string, cases: readonly Selection[], { hasRow }: { hasRow: boolean }): Promise<void> {
    const details = planDetails(cases);
    if (details === null && hasRow) return;
    const plan = details ?? { needsDetail: false, companies: [] };
    const pause = this.yieldToEventLoop();
    if (pause) await pause;
    const hit = await this.cache.read(getDetail.call({ id }));
    if (hit) this.#addDebtor(hit, plan);
    else if (!hasRow || plan.needsDetail) {
      const companies = this.#details.get(id) ?? new Set();
      this.#details.set(id, companies);
      for (const company of plan.companies) companies.add(company);
    }
  }

  async settle(): Promise<EstimatedCalls> {
    for (const company of this.#open) {
      this.#open.delete(company);
      this.#lists.set(company, await this.#list(company));
    }
    const [min, max] = [new CallCounts(), new CallCounts()];
    min.add(getDetail.name, this.#details.size);
    for (const companies of this.#details.values()) max.addAll(worstOfDetail(companies));
    for (const list of this.#lists.values()) {
      min.add(getList.name, list.min);
      max.add(getList.name, list.max);
      for (const companies of list.unseen.values()) max.addAll(worstOfDetail(companies));
    }
    return { min, max };
  }

  /** A cached detail says whose list is selected under it. */
  #addDebtor(hit: CacheHit<CaseDetail | null>, { companies }: DetailPlan): void {
    const debtor = hit.kind === 'answer' ? debtorOf(hit.answer.data) : undefined;
    if (debtor === undefined) return;
    for (const selection of companies) this.addCompany(debtor, selection);
  }

  async #list(company: string): Promise<ListEstimate> {
    const { searchKey, selections = [] } = this.#companies.get(company) ?? { searchKey: company };
    const plans: CompanyPlan[] = [];
    for (const selection of selections) {
      const pause = this.yieldToEventLoop(1 + FIELD_WORK * selection.size);
      if (pause) await pause;
      plans.push(planCompany(selection, searchKey));
    }
    const demands = plans.flatMap((plan) => plan.demands);
    if (!demands.some(({ rows, total, verified }) => rows || total || verified)) return nothing;
    const state = newListState();
    const summary = await this.cache.readList(searchKey);
    if (summary) applySummary(state, summary);
    const pages: Pages = new Map();
    const [certain, initial] = await this.#readPages(searchKey, demands, state, pages);
    const unseen: UnseenRows = new Map();
    let possible = initial;
    for (const window of plans.flatMap(({ windows }) => windows)) {
      possible += await this.#addRows(window, pages, state, unseen);
    }
    return { min: certain, max: certain + possible, unseen };
  }

  /** Plays the page loader's plan against the cache. Resolves with the pages that are certainly and possibly bought. */
  async #readPages(
    searchKey: string,
    demands: readonly PageDemand[],
    state: ListState,
    pages: Pages,
  ): Promise<[certain: number, possible: number]> {
    let [certain, possible] = [0, 0];
    for (;;) {
      const open = demands.filter((demand) => !fails(demand, pages, state));
      const next = planPages(open, extentOf(state), state.verified !== null, new Set(pages.keys()));
      if (next.length === 0) return [certain, possible];
      for (const page of next) {
        const hit = await this.cache.read(getList.call({ searchKey, page }));
        pages.set(page, hit);
        if (hit?.kind === 'answer') applyPage(state, page, hit.answer);
        else if (hit === undefined && (extentOf(state).total !== null || certain === 0)) certain += 1;
        else if (hit === undefined) possible += 1;
      }
    }
  }

  /** Adds the cases of a window. Resolves with how many more pages it may need where its position is unknown. */
  async #addRows(
    { window, demand, cases }: WindowPlan,
    pages: Pages,
    state: ListState,
    unseen: UnseenRows,
  ): Promise<number> {
    if (!demand.rows || fails(demand, pages, state)) return 0;
    const details = planDetails(cases);
    const addUnseen = (place: string) => {
      if (!details?.needsDetail) return;
      unseen.set(place, new Set([...(unseen.get(place) ?? []), ...details.companies]));
    };
    const pause = this.yieldToEventLoop();
    if (pause) await pause;
    const range = rangeOf(window, extentOf(state));
    if (range === null) {
      for (let row = 1; row <= window.count; row++) addUnseen(`last ${row}`);
      return maxPagesFor(window.count);
    }
    const seen: Placed<CasePage['rows'][number]>[] = [];
    for (const page of pagesOf(range)) {
      const hit = pages.get(page);
      for (let index = 0; index < PAGE_SIZE; index++) {
        const offset = (page - 1) * PAGE_SIZE + index;
        if (offset < range.from || offset >= range.to) continue;
        const row =
          hit?.kind === 'answer' && hit.answer.data.page === page ? hit.answer.data.rows[index] : undefined;
        if (row) seen.push({ row, offset });
        if (!hit) addUnseen(String(offset));
      }
    }
    for (const { row } of distinctRows(window, seen.filter(isCase)))
      await this.addCase(row.id, cases, { hasRow: true });
    return 0;
  }
}

/** Whether a page that a demand needs is known to be refused. */
function fails(demand: PageDemand, pages: Pages, state: ListState): boolean {
  return pagesNeeded(demand, state).some((page) => pages.get(page)?.kind === 'refusal');
}

function debtorOf(detail: CaseDetail | null): string | undefined {
  const debtor = detail?.judgmentDebtor;
  const keyNo = debtor && 'keyNo' in debtor ? debtor.keyNo : null;
  return typeof keyNo === 'string' ? readCompanyKeyNo(keyNo) : undefined;
}
