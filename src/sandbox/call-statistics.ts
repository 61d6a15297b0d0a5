/** Calls of one method, and what QCC would bill for them. */
interface CallCount {
  calls: number;
  billed: number;
  /** Calls that only an invoice could show to be billed or not. */
  maybeBilled: number;
}

export type SandboxMethod = 'GetList' | 'GetDetail';

/** One call. */
interface CallRecord {
  readonly method: SandboxMethod;
  /** The query parameters, without `key`. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Null if the outcome has no status, as a fault has none. */
  readonly status: string | null;
  readonly orderNumber: string | null;
}

const MAX_LOG = 100_000;
const zero = (): CallCount => ({ calls: 0, billed: 0, maybeBilled: 0 });

/** The calls that a sandbox has read, counted by method. As JSON: the counts. */
export class CallStatistics implements Readonly<Record<SandboxMethod, CallCount>> {
  readonly GetList = zero();
  readonly GetDetail = zero();
  /** The sum of all methods. */
  readonly total = zero();
  #log: CallRecord[] = [];

  /** A copy of the latest 100,000 calls, oldest first. */
  get log(): readonly CallRecord[] {
    return this.#log.slice(-MAX_LOG);
  }

  /** @param billed null if only an invoice could tell */
  count(call: CallRecord, billed: boolean | null): void {
    for (const count of [this[call.method], this.total]) {
      count.calls += 1;
      if (billed) count.billed += 1;
      if (billed === null) count.maybeBilled += 1;
    }
    this.#log.push(call);
    // Trimmed rarely, because removing the first element of a long array moves all others.
    if (this.#log.length >= 2 * MAX_LOG) this.#log = this.#log.slice(-MAX_LOG);
  }

  reset(): void {
    for (const count of [this.GetList, this.GetDetail, this.total]) Object.assign(count, zero());
    this.#log = [];
  }
}
