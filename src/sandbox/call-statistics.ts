import type { MethodName } from '../qcc/methods.js';

/** How many requests were read, and what QCC would have made of them on its invoice. */
export interface Count {
  calls: number;
  billed: number;
  maybeBilled: number;
}

/** One request; `status` is null where no answer was given. */
export interface Entry {
  readonly method: MethodName;
  readonly parameters: Readonly<Record<string, string>>;
  readonly status: string | null;
  readonly orderNumber: string | null;
}

const MAX_LOG = 100_000;

/** What was asked, by method. */
export class CallStatistics {
  GetList: Count = { calls: 0, billed: 0, maybeBilled: 0 };
  GetDetail: Count = { calls: 0, billed: 0, maybeBilled: 0 };
  #entries: Entry[] = [];

  /** @param billed null where only an invoice could tell */
  count(entry: Entry, billed: boolean | null): void {
    const count = this[entry.method];
    count.calls += 1;
    if (billed) count.billed += 1;
    if (billed === null) count.maybeBilled += 1;
    this.#entries.push(entry);
    // Cut seldom: taking one off the front of a long array moves all the others.
    if (this.#entries.length >= 2 * MAX_LOG) this.#entries = this.#entries.slice(-MAX_LOG);
  }

  /** The latest 100,000 requests, oldest first: a copy. */
  get log(): readonly Entry[] {
    return this.#entries.slice(-MAX_LOG);
  }

  get total(): Count {
    const { GetList: list, GetDetail: detail } = this;
    return {
      calls: list.calls + detail.calls,
      billed: list.billed + detail.billed,
      maybeBilled: list.maybeBilled + detail.maybeBilled,
    };
  }

  reset(): void {
    this.GetList = { calls: 0, billed: 0, maybeBilled: 0 };
    this.GetDetail = { calls: 0, billed: 0, maybeBilled: 0 };
    this.#entries = [];
  }

  toJSON() {
    return { GetList: this.GetList, GetDetail: this.GetDetail, total: this.total };
  }
}
