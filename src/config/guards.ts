import type { Config } from './config.js';

/** What limits spending, for the start line: budgets, prices and authentication. Contains no secret. */
export function describeGuards({ budget, prices, auth }: Config): string {
  const budgets = [
    limit(budget.perMonth, 'a month'),
    limit(budget.perDay, 'a day'),
    limit(budget.perClientPerDay, 'a client and day'),
  ].flatMap((text) => text ?? []);
  const callers = [
    auth.keys.length > 0 ? `API keys (${auth.keys.length})` : undefined,
    auth.tokens && 'JWTs',
  ].flatMap((text) => text ?? []);
  const priced = Object.entries(prices ?? {}).map(([method, yuan]) => `${method} ${yuan} yuan`);
  return [
    `budget: ${budgets.join(', ') || 'none'}`,
    `prices: ${priced.join(', ') || 'none'}`,
    `auth: ${callers.join(' and ') || 'none'}`,
  ].join(' · ');
}

function limit(calls: number | undefined, period: string): string | undefined {
  return calls === undefined ? undefined : `${calls.toLocaleString('en-GB')} billed calls ${period}`;
}
