import { readSearchKey, SearchKeyError } from '../../qcc/search-key.js';
import { QueryError } from '../errors.js';
import type { PageDemand } from '../paging/page-plan.js';
import { readWindow, type Window, type WindowArguments } from '../paging/window.js';
import { readCaseId, readReference } from './arguments.js';
import { connectionNeeds, DETAIL_ONLY_FIELDS, needsDetail } from './field-needs.js';
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

/** What an operation selects at its root. */
export interface PurchasePlan {
  readonly companies: readonly { readonly searchKey: string; readonly selection: Selection }[];
  /** Cases without a list row. */
  readonly cases: readonly { readonly id: string; readonly selection: Selection }[];
}

type Mutable<P> = { -readonly [K in keyof P]: P[K] extends readonly (infer I)[] ? I[] : P[K] };

export function planPurchases(root: Selection): PurchasePlan {
  const plan: Mutable<PurchasePlan> = { companies: [], cases: [] };
  for (const field of root.fields) {
    const { selection } = field;
    if (field.name === '_entities') planEntities(field, plan);
    if (selection === null) continue;
    for (const searchKey of searchKeysOf(field)) plan.companies.push({ searchKey, selection });
    if (field.name !== 'endCase' || !needsDetail(selection)) continue;
    const id = unlessRefused(() => readCaseId(String(field.args.id)));
    if (id !== undefined) plan.cases.push({ id, selection });
  }
  return plan;
}

function planEntities(field: SelectedField, { companies, cases }: Mutable<PurchasePlan>): void {
  const { representations } = field.args;
  if (!Array.isArray(representations)) return;
  const [onCompany, onCase] = [field.on('Company'), field.on('EndCase')];
  const isDetailNeeded = needsDetail(onCase);
  for (const representation of representations) {
    const reference = unlessRefused(() => readReference(representation));
    if (reference?.type === 'EndCase' && isDetailNeeded) cases.push({ id: reference.id, selection: onCase });
    if (reference?.type !== 'Company' || !reference.key) continue;
    companies.push({ searchKey: reference.key.text, selection: onCompany });
  }
}

function searchKeysOf({ name, args }: SelectedField): string[] {
  const typed = name === 'company' ? [args.searchKey] : name === 'companies' ? args.searchKeys : [];
  if (!Array.isArray(typed)) return [];
  return typed.flatMap((key) => unlessRefused(() => readSearchKey(String(key)).text) ?? []);
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
