import { foldSearchKey, SearchKeyError } from '../../qcc/search-key.js';
import { QueryError } from '../errors.js';
import type { PageDemand } from '../paging/page-plan.js';
import { readWindow, type Window, type WindowArguments } from '../paging/window.js';
import type { YieldToEventLoop } from '../yield-to-event-loop.js';
import { readCaseId, readReference } from './arguments.js';
import { connectionNeeds, DETAIL_ONLY_FIELDS, needsDetail } from './field-needs.js';
import type { SearchKeys } from './search-keys.js';
import type { SelectedField, Selection } from './selection.js';

/** One connection of a company. */
export interface WindowPlan {
  readonly window: Window;
  readonly demand: PageDemand;
  /** What is selected on each of its cases. */
  readonly cases: readonly Selection[];
}

/** What is selected on one company. */
export interface CompanyPlan {
  readonly demands: readonly PageDemand[];
  readonly windows: readonly WindowPlan[];
}

const VERIFIED: PageDemand = { window: null, rows: false, total: false, verified: true };

/** Plans a company; null: any company. Arguments that execution will refuse need nothing. */
export function planCompany(selection: Selection, searchKey: string | null): CompanyPlan {
  const demands: PageDemand[] = [];
  const windows: WindowPlan[] = [];
  for (const { name, args, selection: connection } of selection.fields) {
    if (name === 'hasEndCases') demands.push(VERIFIED);
    if (name !== 'endCases' || connection === null) continue;
    const window = unlessRefused(() => readWindow(args as WindowArguments, searchKey));
    if (window === undefined) continue;
    const demand: PageDemand = { window, ...connectionNeeds(connection, window), verified: false };
    demands.push(demand);
    windows.push({ window, demand, cases: casesOf(connection) });
  }
  return { demands, windows };
}

function casesOf(connection: Selection): Selection[] {
  return connection.fields.flatMap(({ name, selection }) => {
    if (name === 'nodes' && selection) return [selection];
    if (name !== 'edges' || !selection) return [];
    return selection.fields.flatMap(({ selection: node }) => (node ? [node] : []));
  });
}

/** What is selected on the details of a case. */
export interface DetailPlan {
  /** Whether it includes a field that a list row does not have. */
  readonly needsDetail: boolean;
  /** What is selected on the companies that the debtors may be. */
  readonly companies: readonly Selection[];
}

/** Plans the details of a case; null where none is selected. */
export function planDetails(cases: readonly Selection[]): DetailPlan | null {
  const details = cases.flatMap((selection) => selectionsOf(selection, 'detail'));
  if (details.length === 0) return null;
  return {
    needsDetail: details.some((detail) => detail.has(...DETAIL_ONLY_FIELDS)),
    companies: details.flatMap((detail) =>
      selectionsOf(detail, 'judgmentDebtor').flatMap((debtor) => selectionsOf(debtor, 'company')),
    ),
  };
}

function selectionsOf(parent: Selection, field: string): Selection[] {
  return parent.fields.flatMap(({ name, selection }) => (name === field && selection ? [selection] : []));
}

/** What an operation selects on one company. */
interface CompanyPurchase {
  /** The first spelling of its key: QCC gets this one. */
  readonly searchKey: string;
  readonly selections: Set<Selection>;
}

/** What an operation selects at its root. */
export class PurchasePlan {
  /** By folded search key. */
  readonly companies = new Map<string, CompanyPurchase>();
  /** Cases without a list row. */
  readonly cases: { readonly id: string; readonly selection: Selection }[] = [];
  readonly #folded = new Map<string, string>();

  addCompany(searchKey: string, selection: Selection): void {
    const folded = this.#folded.get(searchKey) ?? foldSearchKey(searchKey);
    this.#folded.set(searchKey, folded);
    const known = this.companies.get(folded);
    if (known) known.selections.add(selection);
    else this.companies.set(folded, { searchKey, selections: new Set([selection]) });
  }
}

/** What planning needs of the request's context. */
export interface PlanContext {
  readonly keys: SearchKeys;
  readonly yieldToEventLoop: YieldToEventLoop;
}

/** What reading one key takes, in cases. */
const KEY_WORK = 0.1;

/** Plans what an operation selects. It looks nothing up. */
export async function planPurchases(
  root: Selection,
  { keys, yieldToEventLoop }: PlanContext,
): Promise<PurchasePlan> {
  const plan = new PurchasePlan();
  for (const field of root.fields) {
    const { name, args, selection } = field;
    if (name === '_entities') planEntities(field, keys, plan);
    if (selection === null) continue;
    const typed = searchKeysOf(field);
    const pause = yieldToEventLoop(KEY_WORK * typed.length);
    if (pause) await pause;
    for (const text of typed) {
      const key = keys.outcome(String(text));
      if (!(key instanceof SearchKeyError)) plan.addCompany(key.text, selection);
    }
    if (name !== 'endCase' || !needsDetail(selection)) continue;
    const id = unlessRefused(() => readCaseId(String(args.id)));
    if (id !== undefined) plan.cases.push({ id, selection });
  }
  return plan;
}

function planEntities(field: SelectedField, keys: SearchKeys, plan: PurchasePlan): void {
  const { representations } = field.args;
  if (!Array.isArray(representations)) return;
  const [onCompany, onCase] = [field.on('Company'), field.on('EndCase')];
  const isDetailNeeded = needsDetail(onCase);
  for (const representation of representations) {
    const reference = unlessRefused(() => readReference(representation, keys));
    if (reference?.type === 'EndCase' && isDetailNeeded)
      plan.cases.push({ id: reference.id, selection: onCase });
    if (reference?.type === 'Company' && reference.key) plan.addCompany(reference.key.text, onCompany);
  }
}

function searchKeysOf({ name, args }: SelectedField): readonly unknown[] {
  const typed = name === 'company' ? [args.searchKey] : name === 'companies' ? args.searchKeys : [];
  return Array.isArray(typed) ? typed : [];
}

/** What a reader returns; undefined where it refuses: execution will say so, and call nothing. */
export function unlessRefused<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof QueryError || error instanceof SearchKeyError) return undefined;
    throw error;
  }
}
