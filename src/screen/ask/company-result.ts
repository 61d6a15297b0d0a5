import Big from 'big.js';
import type { CaseWindow, EndCase } from './documents.js';

/** QCC's lists cannot be read further than this case. */
export const MAX_READABLE = 5000;

/** `failed`: something that was asked for did not come. */
export type Outcome = 'none' | 'found' | 'invalid' | 'failed';
/** How many rows have each outcome. */
export type OutcomeCounts = Readonly<Record<Outcome, number>>;

/** What a screen found out about one company. */
export interface CompanyResult {
  readonly outcome: Outcome;
  /** How many cases the company has; null if that is not known. */
  readonly cases: number | null;
  /** How many of them were read. */
  readonly read: number;
  readonly complete: boolean;
  /** Sums in yuan, exact. Null unless every case was read. */
  readonly unperformedAmount: string | null;
  readonly enforcementAmount: string | null;
  /** ISO day. Null unless every case was read. */
  readonly newestEndDate: string | null;
  /** When the oldest of the answers was retrieved. */
  readonly retrievedAt: string | null;
  readonly stale: boolean | null;
  readonly orderNumbers: readonly string[];
  readonly error: string | null;
}

/** The result for a company of which nothing was read. */
export function unread(outcome: 'invalid' | 'failed', error: string): CompanyResult {
  return {
    outcome,
    cases: null,
    read: 0,
    complete: false,
    unperformedAmount: null,
    enforcementAmount: null,
    newestEndDate: null,
    retrievedAt: null,
    stale: null,
    orderNumbers: [],
    error,
  };
}

/** The windows of one company's list, put together. */
export class CompanyCases {
  readonly #ids = new Set<string>();
  readonly #orderNumbers = new Set<string>();
  readonly #problems = new Set<string>();
  readonly #unreadable = new Set<string>();
  #unperformed = new Big(0);
  #enforcement = new Big(0);
  #newestEndDate: string | null = null;
  #retrievedAt: string | null = null;
  #stale = false;
  #total = 0;
  #failed = false;

  /** @returns the cases that no window before held */
  add(window: CaseWindow): EndCase[] {
    this.#total = window.totalCount;
    this.#stale ||= window.stale;
    if (this.#retrievedAt === null || Date.parse(window.retrievedAt) < Date.parse(this.#retrievedAt)) {
      this.#retrievedAt = window.retrievedAt;
    }
    for (const number of window.orderNumbers) this.#orderNumbers.add(number);
    const added = window.nodes.filter(({ id }) => !this.#ids.has(id));
    for (const one of added) this.#addCase(one);
    return added;
  }

  /** Adds an error beside the data. @param field the field that has no value because of it */
  addProblem(problem: string, field: string | undefined): void {
    this.#problems.add(problem);
    if (field !== undefined) this.#unreadable.add(field);
  }

  /** Something that was asked for did not come. */
  fail(problem: string): void {
    this.#failed = true;
    this.#problems.add(problem);
  }

  /** Where the next window begins; undefined if `offset` is past the list, or past what can be read of it. */
  next(offset: number): number | undefined {
    return offset < Math.min(this.#total, MAX_READABLE) ? offset : undefined;
  }

  result(): CompanyResult {
    const complete = this.#ids.size === this.#total;
    const ifKnown = <T>(field: string, value: T) => (complete && !this.#unreadable.has(field) ? value : null);
    return {
      outcome: this.#failed ? 'failed' : this.#total === 0 ? 'none' : 'found',
      cases: this.#total,
      read: this.#ids.size,
      complete,
      unperformedAmount: ifKnown('unperformedAmount', this.#unperformed.toFixed()),
      enforcementAmount: ifKnown('enforcementAmount', this.#enforcement.toFixed()),
      newestEndDate: ifKnown('endDate', this.#newestEndDate),
      retrievedAt: this.#retrievedAt,
      stale: this.#stale,
      orderNumbers: [...this.#orderNumbers],
      error: this.#problems.size === 0 ? null : [...this.#problems].join(' '),
    };
  }

  #addCase({ id, unperformedAmount, enforcementAmount, endDate }: EndCase): void {
    this.#ids.add(id);
    this.#unperformed = this.#unperformed.plus(unperformedAmount ?? 0);
    this.#enforcement = this.#enforcement.plus(enforcementAmount ?? 0);
    // ISO days sort as text.
    if (endDate !== null && endDate > (this.#newestEndDate ?? '')) this.#newestEndDate = endDate;
  }
}
