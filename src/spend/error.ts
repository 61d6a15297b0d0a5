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
