import { readSearchKey, SearchKeyError } from '../../qcc/search-key.js';
import { QueryError } from '../errors.js';
import type { PageDemand } from '../paging/page-plan.js';
import { readWindow, type Window, type WindowArguments } from '../paging/window.js';
import { connectionNeeds } from '../schema/company-resolver.js';
import { BOUGHT_FIELDS, needsDetail } from '../schema/end-case.js';
import { readReference } from '../schema/entities.js';
import { readCaseId } from './case-id.js';
import type { SelectedField, Selection } from './selection.js';

/** A connection that is asked for. */
export interface WindowPlan {
  readonly window: Window;
  readonly demand: PageDemand;
  /** What is selected of each of its cases. */
  readonly cases: readonly Selection[];
}

/** What a company is asked. */
export interface CompanyPlan {
  readonly demands: readonly PageDemand[];
  readonly windows: readonly WindowPlan[];
}

const VERIFIED: PageDemand = { window: null, rows: false, total: false, verified: true };

/** Reads what is asked of a company; null: of any. What will be refused asks nothing. */
export function readCompany(selection: Selection, searchKey: string | null): CompanyPlan {
  const demands: PageDemand[] = [];
  const windows: WindowPlan[] = [];
  for (const { name, args, selection: under } of selection.fields) {
    if (name === 'hasEndCases') demands.push(VERIFIED);
    if (name !== 'endCases' || under === null) continue;
    const window = unlessRefused(() => readWindow(args as WindowArguments, searchKey));
    if (window === undefined) continue;
    const demand: PageDemand = { window, ...connectionNeeds(under), verified: false };
    demands.push(demand);
    windows.push({ window, demand, cases: casesUnder(under) });
  }
  return { demands, windows };
}

function casesUnder(connection: Selection): Selection[] {
  return connection.fields.flatMap(({ name, selection }) => {
    if (name === 'nodes' && selection) return [selection];
    if (name !== 'edges' || !selection) return [];
    return selection.fields.flatMap(({ selection: node }) => (node ? [node] : []));
  });
}

/** What of a case's detail is asked. */
export interface DetailPlan {
  /** Whether a list row does not hold it all. */
  readonly bought: boolean;
  /** What is selected of the companies that its debtor may be. */
  readonly companies: readonly Selection[];
}

/** Reads what is asked of a case's details; null where none is. */
export function readDetails(cases: readonly Selection[]): DetailPlan | null {
  const details = cases.flatMap((one) => selected(one, 'detail'));
  if (details.length === 0) return null;
  return {
    bought: details.some((detail) => detail.has(...BOUGHT_FIELDS)),
    companies: details.flatMap((detail) =>
      selected(detail, 'judgmentDebtor').flatMap((debtor) => selected(debtor, 'company')),
    ),
  };
}

function selected(from: Selection, field: string): Selection[] {
  return from.fields.flatMap(({ name, selection }) => (name === field && selection ? [selection] : []));
}

/** What an operation asks at its root. */
export interface PurchasePlan {
  readonly companies: readonly CompanyAsked[];
  readonly cases: readonly CaseAsked[];
}

interface CompanyAsked {
  readonly searchKey: string;
  readonly selection: Selection;
}

interface CaseAsked {
  readonly id: string;
  readonly selection: Selection;
}

export function readRoot(root: Selection): PurchasePlan {
  const companies: CompanyAsked[] = [];
  const cases: CaseAsked[] = [];
  for (const field of root.fields) {
    const { selection } = field;
    if (field.name === '_entities') readEntities(field, companies, cases);
    if (selection === null) continue;
    for (const searchKey of keysOf(field)) companies.push({ searchKey, selection });
    if (field.name !== 'endCase' || !needsDetail(selection)) continue;
    const id = unlessRefused(() => readCaseId(String(field.args.id)));
    if (id !== undefined) cases.push({ id, selection });
  }
  return { companies, cases };
}

function readEntities(field: SelectedField, companies: CompanyAsked[], cases: CaseAsked[]): void {
  const { representations } = field.args;
  if (!Array.isArray(representations)) return;
  const [company, endCase] = [field.on('Company'), field.on('EndCase')];
  const bought = needsDetail(endCase);
  for (const representation of representations) {
    const reference = unlessRefused(() => readReference(representation));
    if (reference?.type === 'EndCase' && bought) cases.push({ id: reference.id, selection: endCase });
    if (reference?.type !== 'Company' || !reference.company) continue;
    companies.push({ searchKey: reference.company.searchKey, selection: company });
  }
}

function keysOf({ name, args }: SelectedField): string[] {
  const typed = name === 'company' ? [args.searchKey] : name === 'companies' ? args.searchKeys : [];
  if (!Array.isArray(typed)) return [];
  return typed.flatMap((key) => unlessRefused(() => readSearchKey(String(key)).text) ?? []);
}

/** What a reader gives, or nothing where it refuses: then nothing is called either. */
function unlessRefused<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof QueryError || error instanceof SearchKeyError) return undefined;
    throw error;
  }
}
