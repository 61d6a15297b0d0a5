import { amountOf, type Tariff } from '../ledger/price.js';
import { AVOID_REASONS, type AvoidReason, type CallsAvoided } from '../ledger/savings.js';

/** What one request cost, as `extensions.cost` shows it. */
export interface Cost {
  /** Attempts that QCC counts as 有效. */
  readonly billed: number;
  /** Attempts whose answer never came: only QCC's invoice can tell. */
  readonly maybeBilled: number;
  /** Attempts made for this request, by method. */
  readonly calls: Readonly<Record<string, number>>;
  /** Answers, remembered refusals included, that came from the cache. */
  readonly cached: number;
  /** Answers that another request's call brought. */
  readonly shared: number;
  /** Those of `cached` past their TTL. */
  readonly stale: number;
  /** Details answered from their list rows. */
  readonly elided: number;
  /** Of every answered attempt. */
  readonly orderNumbers: readonly string[];
  /** Yuan for what was billed; only where prices are known. */
  readonly amount?: string;
}

/** Counts by method name; what is missing is 0. */
type Counts = Map<string, number>;

/** Counts what one request costs. Its cost extension, its headers and its log line are read from it. */
export class Meter {
  readonly #calls: Counts = new Map();
  readonly #billed: Counts = new Map();
  readonly #avoided: Readonly<Record<AvoidReason, Counts>> = {
    cached: new Map(),
    shared: new Map(),
    elided: new Map(),
  };
  readonly #orderNumbers: string[] = [];
  #maybeBilled = 0;
  #stale = 0;

  /** Counts an attempt that has ended. @param billed null where only QCC's invoice can tell */
  count(method: string, billed: boolean | null, orderNumber: string | null): void {
    add(this.#calls, method, 1);
    if (billed) add(this.#billed, method, 1);
    if (billed === null) this.#maybeBilled += 1;
    if (orderNumber !== null) this.#orderNumbers.push(orderNumber);
  }

  /** Counts a call that was avoided. @param stale whether the answer is past its TTL */
  avoid(reason: AvoidReason, method: string, stale = false): void {
    add(this.#avoided[reason], method, 1);
    if (stale) this.#stale += 1;
  }

  /** Calls that were avoided, by reason and method. */
  get callsAvoided(): CallsAvoided {
    return this.#avoided;
  }

  /** Whether the request made no attempt. */
  get isFree(): boolean {
    return this.#calls.size === 0;
  }

  get cached(): number {
    return sum(this.#avoided.cached);
  }

  get stale(): number {
    return this.#stale;
  }

  get shared(): number {
    return sum(this.#avoided.shared);
  }

  /** Adds what another meter counted. */
  add(other: Meter): void {
    addAll(this.#calls, other.#calls);
    addAll(this.#billed, other.#billed);
    for (const reason of AVOID_REASONS) addAll(this.#avoided[reason], other.#avoided[reason]);
    this.#maybeBilled += other.#maybeBilled;
    this.#stale += other.#stale;
    this.#orderNumbers.push(...other.#orderNumbers);
  }

  /** The cost so far. */
  cost({ methods, prices }: Tariff): Cost {
    return {
      billed: sum(this.#billed),
      maybeBilled: this.#maybeBilled,
      calls: Object.fromEntries(methods.map((name) => [name, this.#calls.get(name) ?? 0])),
      cached: this.cached,
      shared: this.shared,
      stale: this.#stale,
      elided: sum(this.#avoided.elided),
      orderNumbers: [...this.#orderNumbers],
      ...(prices ? { amount: amountOf(this.#billed, prices) } : {}),
    };
  }
}

function add(counts: Counts, method: string, count: number): void {
  counts.set(method, (counts.get(method) ?? 0) + count);
}

function addAll(counts: Counts, others: Counts): void {
  for (const [method, count] of others) add(counts, method, count);
}

function sum(counts: Counts): number {
  let total = 0;
  for (const count of counts.values()) total += count;
  return total;
}
