/** Calls of one method, and what QCC would bill for them. */
export interface CallCount {
  calls: number;
  billed: number;
  /** Calls that only an invoice could show to be billed or not. */
  maybeBilled: number;
}

const zero = (): CallCount => ({ calls: 0, billed: 0, maybeBilled: 0 });
/** A count for each method that the sandbox serves. */
const zeroes = () => ({ GetList: zero(), GetDetail: zero() });

type Counts = Readonly<ReturnType<typeof zeroes>>;
export type SandboxMethod = keyof Counts;

/** One call. */
export interface CallRecord {
  readonly method: SandboxMethod;
  /** The query parameters, without `key`. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Null if the outcome has no status, as a fault has none. */
  readonly status: string | null;
  readonly orderNumber: string | null;
}

/** The calls that a sandbox has read, counted by method. */
export interface CallStatistics extends Counts {
  /** The sum of all methods. */
  readonly total: CallCount;
  /** A copy of the latest 100,000 calls, oldest first. */
  readonly log: readonly CallRecord[];
  /** @param billed null if only an invoice could tell */
  count(call: CallRecord, billed: boolean | null): void;
  reset(): void;
  toJSON(): object;
}

const MAX_LOG = 100_000;

export function createCallStatistics(): CallStatistics {
  const counts = zeroes();
  let calls: CallRecord[] = [];
  const total = () => {
    const sum = zero();
    for (const count of Object.values(counts)) {
      sum.calls += count.calls;
      sum.billed += count.billed;
      sum.maybeBilled += count.maybeBilled;
    }
    return sum;
  };
  return {
    ...counts,
    get total() {
      return total();
    },
    get log() {
      return calls.slice(-MAX_LOG);
    },
    count(call, billed) {
      const count = counts[call.method];
      count.calls += 1;
      if (billed) count.billed += 1;
      if (billed === null) count.maybeBilled += 1;
      calls.push(call);
      // Trimmed rarely, because removing the first element of a long array moves all others.
      if (calls.length >= 2 * MAX_LOG) calls = calls.slice(-MAX_LOG);
    },
    reset() {
      for (const count of Object.values(counts)) Object.assign(count, zero());
      calls = [];
    },
    toJSON: () => ({ ...counts, total: total() }),
  };
}
