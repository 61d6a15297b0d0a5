import type { MethodName } from '../qcc/methods.js';

/** What one request cost: the counts that its cost extension, its log line and its ledger rows are read from. */
export class Meter {
  /** Attempts made for this request. */
  readonly calls: Record<MethodName, number> = { GetList: 0, GetDetail: 0 };
  /** Attempts that QCC counts as 有效. */
  billed = 0;
  /** Attempts of which only QCC's invoice can tell. */
  maybeBilled = 0;
  /** Answers, refusals among them, that were known already. */
  cached = 0;
  /** Details answered from their list rows. */
  elided = 0;
  /** Of every answered attempt. */
  readonly orderNumbers: string[] = [];

  /** One attempt has ended. */
  count(method: MethodName, billed: boolean | null, orderNumber: string | null): void {
    this.calls[method] += 1;
    if (billed) this.billed += 1;
    if (billed === null) this.maybeBilled += 1;
    if (orderNumber !== null) this.orderNumbers.push(orderNumber);
  }
}
