import * as z from 'zod';
import type { GraphClient } from './graph-client.js';

/** A budget, and what is left of it. */
export interface BudgetLeft {
  readonly period: 'today' | 'this month';
  /** Whose calls it limits. */
  readonly scope: 'all clients' | 'this client';
  /** Billed calls. */
  readonly left: number;
  readonly limit: number;
}

/** This client's own budget, which a gateway does not show. */
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
  const budgets = [
    ...shownIn(metrics, 'budget', 'today'),
    ...shownIn(metrics, 'monthly_budget', 'this month'),
  ];
  if (ownBudget === undefined) return budgets;
  const { data } = await client.post({ query: USAGE_DOCUMENT });
  const parsed = usageData.safeParse(data);
  if (!parsed.success) return budgets;
  const row = parsed.data.usage.groups.find(({ key }) => key === ownBudget.client);
  const used = row ? row.billed + row.maybeBilled : 0;
  const ownLeft = Math.max(0, ownBudget.limit - used);
  return [...budgets, { period: 'today', scope: 'this client', left: ownLeft, limit: ownBudget.limit }];
}

/** The budget of all clients, if the metrics have one of this name. */
function shownIn(metrics: string, name: string, period: BudgetLeft['period']): BudgetLeft[] {
  const left = numberIn(`endcase_${name}_left_calls`, metrics);
  const limit = numberIn(`endcase_${name}_limit_calls`, metrics);
  return left === undefined || limit === undefined ? [] : [{ period, scope: 'all clients', left, limit }];
}

/** The value of a metric in the text format of Prometheus; undefined without a number. */
function numberIn(name: string, metrics: string): number | undefined {
  const [, value] = new RegExp(`^${name}(?:\\{[^}]*\\})? (\\d+)$`, 'm').exec(metrics) ?? [];
  return value === undefined ? undefined : Number(value);
}
