import { foldSearchKey } from '../qcc/search-key.js';
import { listCardOf, oddRows, type Play, type Shape } from './cards.js';
import { detailAt, placeOf, rowAt, type SandboxRow } from './cases.js';
import { companyBy } from './companies.js';
import { emptyEnvelope, messageOf, noCaseEnvelope, type PageRequest } from './protocol.js';

/** Longest list of names that details remember. */
const MAX_NAMES = 10_000;
const ODD = 'sandbox:odd-values';
const CODE = /^([0-9a-g][0-9a-f]{31}|[0-9a-z]{18}|\d{13}|\d{15})$/;

/** The business side of the sandbox: data, or the status that stands in its place. */
export class Answers {
  readonly #names = new Map<string, string>();
  /** How often a card has refused a question since it last gave data. */
  readonly #refusals = new Map<string, number>();

  /** Lists that have changed, by folded search key: the places of the cases that are on them now. */
  readonly #lists = new Map<string, readonly number[]>();

  /** The status that every question is refused with; undefined: none. */
  refusing: string | undefined;

  /** Changes a company's list, as courts do: it then holds the cases at these places, in this order. */
  setList(searchKey: string, places: readonly number[]): void {
    this.#lists.set(foldSearchKey(searchKey), places);
  }

  /** An envelope for one page of a list. */
  list(searchKey: string, page: PageRequest, play: Play | undefined, orderNumber: string): object {
    const status = this.#refusal(`${searchKey} ${page.index} ${page.size}`, play);
    if (status !== undefined) return emptyEnvelope(status, orderNumber);
    const { seed, length } = companyBy(searchKey);
    const places = this.#lists.get(foldSearchKey(searchKey));
    const total = places?.length ?? length;
    this.#remember(seed, searchKey);
    if (total === 0) return noCaseEnvelope(orderNumber);
    const from = (page.index - 1) * page.size;
    if (from >= total) return emptyEnvelope('201', orderNumber);
    const count = Math.min(page.size, total - from);
    const rows = Array.from({ length: count }, (_, index) =>
      this.#row(seed, places?.[from + index] ?? from + index, play),
    );
    const data = {
      Paging: { PageSize: page.size, PageIndex: page.index, TotalRecords: total },
      Result: { VerifyResult: 1, Data: rows },
      ...this.#success(orderNumber),
    };
    return play?.kind === 'shape' ? reshape(data, play.shape) : data;
  }

  /** An envelope for one case. */
  detail(id: string, play: Play | undefined, orderNumber: string): object {
    const status = this.#refusal(id, play);
    if (status !== undefined) return emptyEnvelope(status, orderNumber);
    const oddAt = oddRows.findIndex((row) => row.Id === id);
    const odd = id === ODD ? oddRows[0] : oddRows[oddAt];
    // A card's case is the second of the company that lists it, so that its row and its detail are one case.
    const place = play
      ? { seed: companyBy(listCardOf(id)).seed, index: 1 }
      : odd
        ? { seed: companyBy(ODD).seed, index: oddAt }
        : placeOf(id);
    if (place === undefined) return emptyEnvelope('201', orderNumber);
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
    if (play?.kind !== 'detail-card' || index !== 1) return row;
    return { ...row, ...(play.card === ODD ? oddRows[0] : {}), Id: play.card };
  }

  #refusal(question: string, play: Play | undefined): string | undefined {
    if (this.refusing !== undefined) return this.refusing;
    if (play?.kind === 'status' && play.status !== '200') return play.status;
    if (play?.kind !== 'refuse-first') return undefined;
    const refused = this.#refusals.get(question) ?? 0;
    this.#refusals.set(question, refused < play.times ? refused + 1 : 0);
    return refused < play.times ? play.status : undefined;
  }

  /** So that a detail names its company as it was searched for. */
  #remember(seed: string, searchKey: string): void {
    if (CODE.test(foldSearchKey(searchKey).trim())) return;
    this.#names.delete(seed);
    this.#names.set(seed, searchKey.trim());
    const [oldest] = this.#names.keys();
    if (oldest !== undefined && this.#names.size > MAX_NAMES) this.#names.delete(oldest);
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
