import { QccError } from '../qcc/error.js';
import { type Answer, type Answers, type CallOf, type MethodName, methods } from '../qcc/methods.js';
import { statusRule } from '../qcc/statuses.js';
import type { Ask, Asker, Wrapper } from './ask.js';
import { Ledger, type LedgerRow } from './ledger.js';
import type { Prices } from './price.js';

/** Names in the ledger are cut to this length. */
const LONGEST_NAME = 200;

const BILLED = { true: 'yes', false: 'no', null: 'maybe' } as const;

/** Attempts that QCC has not answered yet. */
export class Attempts {
  readonly #open = new Map<string, { row: LedgerRow; settled: Promise<unknown> }>();

  /** @param now milliseconds since 1970 */
  constructor(
    private readonly ledger: Ledger,
    private readonly prices: Prices | undefined,
    private readonly now: () => number,
  ) {}

  /** Waits `span` milliseconds at most for answers already asked for; what is still out is written down as maybe billed. */
  async drain(span: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const enough = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, span);
    });
    while (this.#open.size > 0) {
      const all = Promise.allSettled([...this.#open.values()].map(({ settled }) => settled));
      const done = await Promise.race([all.then(() => true), enough]);
      if (!done) break;
    }
    clearTimeout(timer);
    await Promise.all([...this.#open].map(([key, { row }]) => this.ledger.write(key, row)));
  }

  /** Writes each attempt into the ledger before its answer is given out, and again when a late answer settles it. */
  readonly recorded: Wrapper = (next): Ask => {
    return (call, by) => this.#record<typeof call.method>(next, call, by);
  };

  async #record<M extends MethodName>(next: Ask, call: CallOf<M>, by: Asker): Promise<Answer<Answers[M]>> {
    const [key, row] = [Ledger.keyAt(this.now()), this.#begun<M>(call, by)];
    const attempt = next<M>(call, by);
    this.#open.set(key, { row, settled: attempt });
    let listening = false;
    try {
      const answer = await attempt;
      await this.#settle(key, row, answer.status, answer.orderNumber, statusRule(answer.status).billed);
      return answer;
    } catch (error) {
      listening = await this.#failed(key, row, error);
      throw error;
    } finally {
      if (!listening) this.#open.delete(key);
    }
  }

  /** Resolves with whether an answer may still come. */
  async #failed(key: string, row: LedgerRow, error: unknown): Promise<boolean> {
    if (!(error instanceof QccError) || error.upstream === undefined) return false;
    const { status, orderNumber, billed } = error.upstream;
    await this.#settle(key, row, status, orderNumber, billed);
    if (error.late === undefined) return false;
    const settled = error.late
      .then(
        (answer) =>
          this.#settle(key, row, answer.status, answer.orderNumber, statusRule(answer.status).billed),
        (late: unknown) => this.#failed(key, row, late),
      )
      .finally(() => this.#open.delete(key));
    this.#open.set(key, { row, settled });
    return true;
  }

  #begun<M extends MethodName>(call: CallOf<M>, by: Asker): LedgerRow {
    const name: M = call.method as M;
    return {
      at: this.now(),
      client: by.caller.slice(0, LONGEST_NAME),
      operation: by.operation.name?.slice(0, LONGEST_NAME) ?? null,
      method: name,
      subject: methods[name].subject(call),
      status: null,
      orderNumber: null,
      billed: 'maybe',
      price: null,
      latency: 0,
    };
  }

  async #settle(
    key: string,
    row: LedgerRow,
    status: string | null,
    orderNumber: string | null,
    billed: boolean | null,
  ): Promise<void> {
    const price = billed === null ? null : billed ? (this.prices?.[row.method] ?? null) : '0';
    const settled = { status, orderNumber, billed: BILLED[`${billed}`], price, latency: this.now() - row.at };
    await this.ledger.write(key, { ...row, ...settled });
  }
}
