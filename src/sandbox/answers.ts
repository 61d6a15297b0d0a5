import type { MethodName } from '../qcc/methods.js';
import { oddRows, type Play, playOf, type Shape } from './cards.js';
import { detailAt, placeOf, rowAt, type SandboxRow } from './cases.js';
import { bytesOf, companyBy } from './companies.js';
import { emptyEnvelope, messageOf, type PageRequest } from './protocol.js';

/** Longest list of names that details remember. */
const MOST_NAMES = 10_000;

/** The business side of the sandbox: data, or the status that stands in its place. */
export class Answers {
  readonly #names = new Map<string, string>();
  /** How often a card has refused a question since it last gave data. */
  readonly #refusals = new Map<string, number>();

  /** An envelope for one page of a list. */
  list(searchKey: string, page: PageRequest, play: Play | undefined, orderNumber: string): object {
    const status = this.#refusal(`${searchKey} ${page.index}`, play);
    if (status !== undefined) return emptyEnvelope('GetList', status, orderNumber);
    const { seed, length } = companyBy(searchKey);
    this.#remember(seed, searchKey);
    const total = play?.kind === 'rows' ? play.length : play?.kind === 'detail-card' ? 3 : play ? 5 : length;
    const from = (page.index - 1) * page.size;
    const count = Math.max(0, Math.min(page.size, total - from));
    const rows = Array.from({ length: count }, (_, index) => this.#row(seed, from + index, play));
    const data = {
      Paging: rows.length === 0 ? null : { PageSize: page.size, PageIndex: page.index, TotalRecords: total },
      Result: rows.length === 0 ? { VerifyResult: 0, Data: null } : { VerifyResult: 1, Data: rows },
      ...this.#success(orderNumber),
    };
    if (rows.length === 0 && total > 0) return emptyEnvelope('GetList', '201', orderNumber);
    return play?.kind === 'shape' ? reshape(data, play.shape) : data;
  }

  /** An envelope for one case. */
  detail(id: string, play: Play | undefined, orderNumber: string): object {
    const status = this.#refusal(id, play);
    if (status !== undefined) return emptyEnvelope('GetDetail', status, orderNumber);
    const odd = oddRows.find((row) => row.Id === id);
    const place = play || odd ? { seed: bytesOf(id).toString('hex', 0, 4), index: 0 } : placeOf(id);
    if (place === undefined) return emptyEnvelope('GetDetail', '201', orderNumber);
    const result = detailAt(place.seed, place.index, this.#names.get(place.seed));
    const data = { Result: { ...result, ...odd, Id: id }, ...this.#success(orderNumber) };
    return play?.kind === 'shape' ? reshape(data, play.shape) : data;
  }

  #success(orderNumber: string) {
    return { Status: '200', Message: messageOf('200'), OrderNumber: orderNumber };
  }

  #row(seed: string, index: number, play: Play | undefined): SandboxRow {
    if (play?.kind === 'shape' && play.shape === 'odd-values') return oddRows[index] ?? rowAt(seed, index);
    const row = rowAt(seed, index);
    return play?.kind === 'detail-card' && index === 1 ? { ...row, Id: play.card } : row;
  }

  #refusal(question: string, play: Play | undefined): string | undefined {
    if (play?.kind === 'status' && play.status !== '200') return play.status;
    if (play?.kind !== 'refuse-first') return undefined;
    const refused = this.#refusals.get(question) ?? 0;
    this.#refusals.set(question, refused < play.times ? refused + 1 : 0);
    return refused < play.times ? play.status : undefined;
  }

  /** So that a detail names its company as it was searched for. */
  #remember(seed: string, searchKey: string): void {
    const isName = /[^\x20-\x7e]/.test(searchKey) || playOf(searchKey) !== undefined;
    if (!isName || this.#names.size >= MOST_NAMES) return;
    this.#names.set(seed, searchKey.trim());
  }
}

function reshape(data: object, shape: Shape): object {
  switch (shape) {
    case 'numeric-status':
      return { ...data, Status: 200 };
    case 'wrong-shape':
      return { ...data, Result: '没有' };
    case 'null-result':
      return { ...data, Result: null, ...('Paging' in data ? { Paging: null } : {}) };
    case 'no-paging':
      return Object.fromEntries(Object.entries(data).filter(([name]) => name !== 'Paging'));
    case 'odd-values':
      return data;
  }
}

/** The method of a path below the base, or undefined. */
export function methodOf(path: string): MethodName | undefined {
  if (path.endsWith('/EndExecuteCaseCheck/GetList')) return 'GetList';
  return path.endsWith('/EndExecuteCaseCheck/GetDetail') ? 'GetDetail' : undefined;
}
