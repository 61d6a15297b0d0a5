import { GatewayError } from '../errors.js';

/** A call that would wait too long for a slot. Nothing was called. */
export class Overloaded extends GatewayError {
  /** @param retryAfter seconds */
  constructor(retryAfter: number) {
    const message = `More calls are queued for QCC than it answers in time; retry in ${retryAfter} s. Nothing was called.`;
    super('OVERLOADED', message, { retryable: true, retryAfter });
  }
}

/** A call beyond what its operation was admitted to buy. Nothing was called. */
export class AllowanceExceeded extends GatewayError {
  /**
   * @param limit how many answers the operation may buy
   * @param estimate of the operation, for `extensions`
   * @param owner the allowance, to tell whose limit it is
   */
  constructor(
    limit: number,
    estimate: object,
    readonly owner: object,
  ) {
    const message = `The operation may buy ${limit} answers and needs more. This call was not made.`;
    super('COST_LIMIT_EXCEEDED', message, { facts: { limit, estimate } });
  }
}

export interface BudgetExceededDetails {
  /** Whose budget it is; null: everyone's. */
  readonly client: string | null;
  /** Seconds. */
  readonly retryAfter: number;
  /** The budget as clients see it; absent where it cannot be read. */
  readonly budget?: {
    /** The variable that sets it. */
    readonly name: string;
    /** Billed calls in all, and what is left of them. */
    readonly limit: number;
    readonly left: number;
    /** ISO 8601. */
    readonly resetsAt: string;
  };
}

/** A call that no longer fits into a budget. Nothing was called. */
export class BudgetExceeded extends GatewayError {
  readonly client: string | null;

  constructor(message: string, { client, retryAfter, budget }: BudgetExceededDetails) {
    super('BUDGET_EXCEEDED', message, { retryable: true, retryAfter, facts: budget ? { budget } : {} });
    this.client = client;
  }
}
