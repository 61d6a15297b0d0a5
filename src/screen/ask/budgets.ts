import { z } from 'zod';
import type { GraphClient } from './graph-client.js';

/** A budget of a day, and what is left of it. */
export interface BudgetLeft {
  /** Whose calls it limits. */
  readonly scope: 'all clients' | 'this client';
  /** Billed calls. */
  readonly left: number;
  readonly limit: number;
}

/** The budget of this client alone, which a gateway shows to nobody. */
export interface ClientBudget {
  /** The client's name. */
  readonly client: string;
  /** Billed calls a day. */
  readonly limit: number;
}

const USAGE_DOCUMENT = '{ usage(groupBy: CLIENT) { groups { key billed maybeBilled } } }';
const usageData = z.object({
  usage: z.object({
    groups: z.array(z.object({ key: z.string(), billed: z.int(), maybeBilled: z.int() })),
  }),
});

/** What is left of the budgets that are known: of those that the gateway's metrics show, and of the client's own. */
export async function readBudgets(
  client: GraphClient,
  ownBudget: ClientBudget | undefined,
): Promise<BudgetLeft[]> {
  const metrics = await client.metrics();
  const [left, limit] = ['left', 'limit'].map((name) => numberIn(`endcase_budget_${name}_calls`, metrics));
  const budgets: BudgetLeft[] = [];
  if (left !== undefined && limit !== undefined) budgets.push({ scope: 'all clients', left, limit });
  if (ownBudget === undefined) return budgets;
  const { data } = await client.post({ query: USAGE_DOCUMENT });
  const parsed = usageData.safeParse(data);
  if (!parsed.success) return budgets;
  const row = parsed.data.usage.groups.find(({ key }) => key === ownBudget.client);
  const used = row ? row.billed + row.maybeBilled : 0;
  const ownLeft = Math.max(0, ownBudget.limit - used);
  return [...budgets, { scope: 'this client', left: ownLeft, limit: ownBudget.limit }];
}

/** The value of a metric in the text format of Prometheus; undefined without a number. */
function numberIn(name: string, metrics: string): number | undefined {
  const [, value] = new RegExp(`^${name}(?:\\{[^}]*\\})? (\\d+)$`, 'm').exec(metrics) ?? [];
  return value === undefined ? undefined : Number(value);
}
