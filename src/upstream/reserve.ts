import { Ledger, type LedgerRow } from '../ledger/ledger.js';
import type { Prices } from '../ledger/price.js';
import { QccError } from '../qcc/error.js';
import { type Answer, type Answers, type CallOf, type MethodName, methods } from '../qcc/methods.js';
import { withoutIdentities } from '../qcc/redaction.js';
import { statusRule } from '../qcc/statuses.js';
import type { CallContext, Handler, Middleware } from './handler.js';
import { BILLED } from './instrument.js';

/** Names in the ledger are cut to this length. */
const MAX_NAME = 200;

/** Attempts that QCC has not answered yet. */
export class Attempts {
  readonly #open = new Map<string, LedgerRow>();

  /** @param now milliseconds since 1970 */
  constructor(
    private readonly ledger: Ledger,
    private readonly prices: Prices | undefined,
    private readonly now: () => number,
  ) {}

  /** Writes down what is still out as maybe billed: nothing will tell any more. */
  async giveUp(): Promise<void> {
    await Promise.all([...this.#open].map(([key, row]) => this.ledger.write(key, row)));
  }

  /** Writes each attempt into the ledger before its answer is given out (`CallContext.writes`), and again when a late answer settles it. */
  readonly recorded: Middleware = (next): Handler => {
    return (call, by) => this.#record<typeof call.method>(next, call, by);
  };

  async #record<M extends MethodName>(
    next: Handler,
    call: CallOf<M>,
    by: CallContext,
  ): Promise<Answer<Answers[M]>> {
    const [key, row] = [Ledger.keyAt(this.now()), this.#begun<M>(call, by)];
    this.#open.set(key, row);
    try {
      const answer = await next<M>(call, by);
      const { status, orderNumber } = answer;
      this.#open.delete(key);
      const written = this.#settle(key, row, status, orderNumber, statusRule(status).billed);
      if (by.writes) by.writes.push(written);
      else await written;
      return answer;
    } catch (error) {
      throw await this.#failed(key, row, error);
    }
  }

  /** Writes down how an attempt failed; and, where it may still be answered, how it ended, before others hear of it. */
  async #failed(key: string, row: LedgerRow, error: unknown): Promise<unknown> {
    this.#open.delete(key);
    if (!(error instanceof QccError) || error.upstream === undefined) return error;
    const { status, orderNumber, billed } = error.upstream;
    await this.#settle(key, row, status, orderNumber, billed);
    if (error.late === undefined) return error;
    const late = error.late.then(
      async (answer) => {
        await this.#settle(key, row, answer.status, answer.orderNumber, statusRule(answer.status).billed);
        this.#open.delete(key);
        return answer;
      },
      async (failure: unknown) => {
        throw await this.#failed(key, row, failure);
      },
    );
    late.catch(() => undefined);
    this.#open.set(key, row);
    return error.withLate(late);
  }

  #begun<M extends MethodName>(call: CallOf<M>, by: CallContext): LedgerRow {
    const name: M = call.method as M;
    return {
      at: this.now(),
      client: by.caller.slice(0, MAX_NAME),
      operation: by.operation.name?.slice(0, MAX_NAME) ?? null,
      method: name,
      subject: withoutIdentities(methods[name].subject(call)),
      status: null,
      orderNumber: null,
      billed: 'maybe',
      price: null,
      latency: 0,
    };
  }

  #settle(
    key: string,
    row: LedgerRow,
    status: string | null,
    orderNumber: string | null,
    billed: boolean | null,
  ): Promise<void> {
    const price = billed === null ? null : billed ? (this.prices?.[row.method] ?? null) : '0';
    const settled = { status, orderNumber, billed: BILLED[`${billed}`], price, latency: this.now() - row.at };
    return this.ledger.write(key, { ...row, ...settled });
  }
}
