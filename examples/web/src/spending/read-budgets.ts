import { access } from '../access/access';

/** Billed calls. */
export interface Budget {
  readonly limit: number;
  readonly left: number;
}

export interface Budgets {
  /** Undefined: the operator has set none. */
  readonly today: Budget | undefined;
  readonly month: Budget | undefined;
}

function gauge(metrics: string, name: string): number {
  const [, value] = new RegExp(`^endcase_${name} (\\S+)$`, 'm').exec(metrics) ?? [];
  return Number(value);
}

function budgetOf(metrics: string, prefix: string): Budget | undefined {
  const [limit, left] = [gauge(metrics, `${prefix}limit_calls`), gauge(metrics, `${prefix}left_calls`)];
  return Number.isNaN(limit) || Number.isNaN(left) ? undefined : { limit, left };
}

/** The budgets, from the gateway's metrics. Undefined where it does not show them to this reader or at this address. */
export async function readBudgets(signal: AbortSignal): Promise<Budgets | undefined> {
  const { key } = access.get();
  const headers = key === undefined ? undefined : { authorization: `Bearer ${key}` };
  const response = await fetch('/metrics', { signal, ...(headers && { headers }) }).catch(() => undefined);
  const metrics = response?.ok ? await response.text().catch(() => '') : '';
  if (!metrics.includes('endcase_budget_limit_calls')) return undefined;
  return { today: budgetOf(metrics, 'budget_'), month: budgetOf(metrics, 'monthly_budget_') };
}
