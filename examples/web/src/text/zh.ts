import { zhCompany } from './zh-company';
import { zhPortfolio } from './zh-portfolio';
import { zhProblems } from './zh-problems';
import { zhSpending } from './zh-spending';

const count = (value: number) => value.toLocaleString('zh-CN');

export const zh = {
  title: '终本案件工作台',
  skip: '跳到正文',
  otherLanguage: 'English',
  views: '页面',
  view: { company: '查公司', portfolio: '批量排查', spending: '用量与预算' },
  loading: '载入中…',
  retry: '重试',
  close: '关闭',
  exportCsv: '导出 CSV',
  count,
  unit: '金额单位',
  units: { short: '万元', exact: '元（精确）' },
  unitNames: { short: '万元', exact: '元' },
  inUnit: (label: string, unit: string) => `${label}（${unit}）`,
  asOf: (time: string) => `数据截至 ${time}`,
  stale: '企查查暂时无法提供更新的数据，这是之前取得的数据',
  orderNumber: (number: string) => `订单号 ${number}`,
  orderNumbers: (many: number) => `${count(many)} 个订单号`,
  missing: (many: number) => `${count(many)} 件无金额，未计入`,
  showTable: '查看数据表',
  access: {
    signIn: '登录',
    signOut: '退出登录',
    title: '登录',
    lead: '请输入管理员发给你的访问密钥。',
    missing: '查询前需要登录。',
    refused: '这个密钥无效或已停用。请核对后重新输入，或向管理员索取新的密钥。',
    impossible: '密钥只含英文字母、数字和半角符号，中间没有空格。请检查是否多复制了内容。',
    key: '访问密钥',
    remember: '在这个标签页中记住，刷新后不必重新登录',
    submit: '登录',
    later: '暂不登录',
  },
  cost: {
    label: '打开页面以来的费用',
    billed: (many: number) => `计费 ${count(many)} 次`,
    maybeBilled: (many: number) => `另有 ${count(many)} 次可能计费`,
    avoided: (many: number) => `免费 ${count(many)} 次`,
    sandbox: '演示数据，均为虚构',
  },
  purchase: {
    pricing: '正在计算费用，尚未计费…',
    calls: (many: number) => `${count(many)} 次计费`,
    offer: (calls: string, amount: string | undefined) =>
      `最多 ${calls}${amount === undefined ? '' : `，合 ${amount}`}。`,
    limit: '最多计费次数',
    confirm: '确认并载入',
    cancel: '取消',
    stop: '停止',
    running: (done: number, total: number) => `已完成 ${count(done)} / ${count(total)}`,
    bought: (many: number) => `本次已计费 ${count(many)} 次`,
    done: '已完成。',
    cancelled: '已停止，没有再发出请求。已载入的内容保留；已计费的内容再次载入时不会重复计费。',
    stopped: '未能全部完成。',
  },
  company: zhCompany,
  portfolio: zhPortfolio,
  spending: zhSpending,
  problems: zhProblems,
};
