import type { zhSpending } from './zh-spending';

const count = (value: number) => value.toLocaleString('en-GB');
const calls = (many: number) => `${count(many)} ${many === 1 ? 'call' : 'calls'}`;

export const enSpending: typeof zhSpending = {
  lead: 'QCC bills by the call. This is what all users bought; days are those of Beijing.',
  today: 'Today',
  month: 'This month',
  billed: (many) => `${calls(many)} billed`,
  maybeBilled: (many) => `${count(many)} more await the invoice`,
  saved: (amount) => `Reuse saved ${amount}`,
  avoided: (many) => `${calls(many)} avoided by reuse`,
  budget: (used, limit) => `${count(used)} of ${calls(limit)} used`,
  budgetLabel: { today: 'Today’s budget', month: 'This month’s budget' },
  left: (left) => `${count(left)} left`,
  noBudget: 'No budget is set',
  hiddenBudget: 'This page may not see the budget: ask your administrator',
  byClient: 'By user (this month)',
  byDay: 'By day (this month)',
  columns: {
    client: 'User',
    day: 'Day',
    today: 'Billed today',
    month: 'Billed this month',
    amount: 'Amount this month',
    billed: 'Billed calls',
  },
  nothing: 'Nothing was bought this month.',
  refresh: 'Update',
};
