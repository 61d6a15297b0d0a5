const count = (value: number) => value.toLocaleString('zh-CN');

export const zhSpending = {
  lead: '企查查按次计费。这里是所有使用者的用量，按北京时间计日。',
  today: '今日',
  month: '本月',
  billed: (many: number) => `计费 ${count(many)} 次`,
  maybeBilled: (many: number) => `另有 ${count(many)} 次待账单确认`,
  saved: (amount: string) => `免费重复使用，节省 ${amount}`,
  avoided: (many: number) => `免费重复使用 ${count(many)} 次`,
  budget: (used: number, limit: number) => `预算 ${count(limit)} 次，已用 ${count(used)} 次`,
  budgetLabel: { today: '今日预算', month: '本月预算' },
  left: (left: number) => `剩余 ${count(left)} 次`,
  noBudget: '未设预算',
  hiddenBudget: '预算未对本页公开，请向管理员查询',
  byClient: '按使用者（本月）',
  byDay: '按日（本月）',
  columns: {
    client: '使用者',
    day: '日期',
    today: '今日计费',
    month: '本月计费',
    amount: '本月金额',
    billed: '计费次数',
  },
  nothing: '本月还没有用量。',
  refresh: '更新',
};
