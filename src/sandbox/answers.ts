import { LRUCache } from 'lru-cache';
import { foldSearchKey, readCompanyKeyNo } from '../qcc/search-key.js';
import { type ListOddity, listCardOf, type Outcome, type Shape } from './cards.js';
import type { CaseLocation } from './case-ids.js';
import { detailAt, locateCase, rowAt } from './cases.js';
import { companyBy } from './companies.js';
import { oddRows, type SandboxRow } from './fixed-rows.js';
import { emptyEnvelope, type ListRequest, messageOf, noCaseEnvelope } from './protocol.js';

const MAX_NAMES = 10_000;
const ODD_VALUES = 'sandbox:odd-values';
/** A credit code or registration number, folded. */
const CODE = /^([0-9a-z]{18}|\d{13}|\d{15})$/;

/** Builds the JSON that answers valid calls of both methods. */
export class Answers {
  /** The names by which companies were searched last, by seed. Details name their company so. */
  readonly #names = new LRUCache<string, string>({ max: MAX_NAMES });
  /** How often a `refuse-first` card has refused a request since it last gave data. */
  readonly #refusals = new Map<string, number>();
  /** The indexes of the cases on each changed list, by folded search key. */
  readonly #lists = new Map<string, readonly number[]>();

  /** The status that refuses every call; undefined: calls are answered. */
  refusal: string | undefined;

  /** Replaces a company's list by the cases with the given indexes, in this order. */
  setList(searchKey: string, indexes: readonly number[]): void {
    this.#lists.set(foldSearchKey(searchKey), indexes);
  }

  /** The envelope for one page of a list. */
  list(request: ListRequest, outcome: Outcome | undefined, orderNumber: string): object {
    const { searchKey, pageIndex, pageSize } = request;
    const status = this.#refusalOf(`${searchKey} ${pageIndex} ${pageSize}`, outcome);
    if (status !== undefined) return emptyEnvelope(status, orderNumber);
    const { seed, caseCount } = companyBy(searchKey);
    const indexes = this.#lists.get(foldSearchKey(searchKey));
    const total = indexes?.length ?? caseCount;
    if (isName(foldSearchKey(searchKey))) this.#names.set(seed, searchKey);
    if (total === 0) return noCaseEnvelope(orderNumber);
    const oddity = outcome?.kind === 'list' ? outcome.oddity : undefined;
    const page = oddity === 'clamped' ? Math.min(pageIndex, Math.ceil(total / pageSize)) : pageIndex;
    const start = (page - 1) * pageSize;
    if (start >= total) return emptyEnvelope('201', orderNumber);
    const rows = Array.from({ length: Math.min(pageSize, total - start) }, (_, offset) =>
      rowFor(outcome, seed, indexes?.[start + offset] ?? start + offset),
    );
    const envelope = {
      Paging: { PageSize: pageSize, PageIndex: page, TotalRecords: total + claimedMore(oddity, page) },
      Result: { VerifyResult: 1, Data: oddity === 'no-id' && page === 1 ? withoutId(rows) : rows },
      ...success(orderNumber),
    };
    return outcome?.kind === 'shape' ? reshape(envelope, outcome.shape) : envelope;
  }

  /** The envelope for one case. */
  detail(id: string, outcome: Outcome | undefined, orderNumber: string): object {
    const status = this.#refusalOf(id, outcome);
    if (status !== undefined) return emptyEnvelope(status, orderNumber);
    const odd = id === ODD_VALUES ? oddRows[0] : oddRows.find((row) => row.Id === id);
    const location = locate(id, outcome, odd !== undefined);
    if (location === undefined) return emptyEnvelope('201', orderNumber);
    const detail = detailAt(location.seed, location.index, this.#names.get(location.seed));
    const envelope = { Result: { ...detail, ...odd, Id: id }, ...success(orderNumber) };
    return outcome?.kind === 'shape' ? reshape(envelope, outcome.shape) : envelope;
  }

  #refusalOf(request: string, outcome: Outcome | undefined): string | undefined {
    if (this.refusal !== undefined) return this.refusal;
    if (outcome?.kind === 'status' && outcome.status !== '200') return outcome.status;
    if (outcome?.kind !== 'refuse-first') return undefined;
    const refused = this.#refusals.get(request) ?? 0;
    this.#refusals.set(request, refused < outcome.times ? refused + 1 : 0);
    return refused < outcome.times ? outcome.status : undefined;
  }
}

function isName(folded: string): boolean {
  return readCompanyKeyNo(folded) === undefined && !CODE.test(folded);
}

/** How many rows more than it has a list claims on one of its pages. */
function claimedMore(oddity: ListOddity | undefined, page: number): number {
  if (oddity === 'overcount') return 1;
  return oddity === 'contradiction' ? 1 - page : 0;
}

/** The rows, the second without its id. */
function withoutId(rows: readonly SandboxRow[]): object[] {
  return rows.map((row, index) => (index === 1 ? { ...row, Id: undefined } : row));
}

const success = (orderNumber: string) => ({
  Status: '200',
  Message: messageOf('200'),
  OrderNumber: orderNumber,
});

function rowFor(outcome: Outcome | undefined, seed: string, index: number): SandboxRow {
  const row = rowAt(seed, index);
  if (outcome?.kind === 'shape' && outcome.shape === 'odd-values') return oddRows[index] ?? row;
  if (outcome?.kind !== 'detail-card' || index !== 1) return row;
  return { ...row, ...(outcome.card === ODD_VALUES ? oddRows[0] : {}), Id: outcome.card };
}

/** Finds a case by its id. A card is the id of the second case of the company that lists it, so row and detail agree. */
function locate(id: string, outcome: Outcome | undefined, isOdd: boolean): CaseLocation | undefined {
  if (outcome) return { seed: companyBy(listCardOf(id)).seed, index: 1 };
  return isOdd ? { seed: companyBy(ODD_VALUES).seed, index: 0 } : locateCase(id);
}

function reshape(envelope: object, shape: Shape): object {
  switch (shape) {
    case 'numeric-status':
      return { ...envelope, Status: 200 };
    case 'wrong-shape':
      return { ...envelope, Result: '没有' };
    case 'null-result':
      return { ...envelope, Result: null, ...('Paging' in envelope ? { Paging: null } : {}) };
    case 'no-paging':
      return Object.fromEntries(Object.entries(envelope).filter(([name]) => name !== 'Paging'));
    case 'odd-values':
      return envelope;
  }
}
