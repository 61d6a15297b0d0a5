/** A call that would wait too long for its turn. Nothing was asked. */
export class Overloaded extends Error {
  override readonly name = 'Overloaded';
  readonly code = 'OVERLOADED';
  readonly retryable = true;

  /** @param retryAfter seconds */
  constructor(readonly retryAfter: number) {
    super(`More is asked of QCC than it answers in time; ask again in ${retryAfter} s. Nothing was called.`);
  }
}

/** A call that no longer fits into what may be spent. Nothing was asked. */
export class BudgetExceeded extends Error {
  override readonly name = 'BudgetExceeded';
  readonly code = 'BUDGET_EXCEEDED';
  readonly retryable = true;

  /**
   * @param client whose budget it is; null: everyone's
   * @param retryAfter seconds
   */
  constructor(
    message: string,
    readonly client: string | null,
    readonly retryAfter: number,
  ) {
    super(message);
  }
}
