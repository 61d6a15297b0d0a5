/** What went wrong, and what to do about it. */
interface Advice {
  readonly title: string;
  readonly advice: string;
}

const say = (title: string, advice: string): Advice => ({ title, advice });

export const zhProblems = {
  after: (seconds: number) => {
    if (seconds < 90) return `约 ${Math.max(1, Math.ceil(seconds))} 秒后可以重试。`;
    if (seconds < 5400) return `约 ${Math.ceil(seconds / 60)} 分钟后可以重试。`;
    return `约 ${Math.ceil(seconds / 3600)} 小时后可以重试。`;
  },
  unauthenticated: say('需要登录', '你尚未登录，或密钥已失效。请登录后继续，已计费的内容不会重复计费。'),
  forbidden: say('没有权限', '你的密钥不包含这项权限。请联系管理员开通；其他功能不受影响。'),
  rateLimited: say('操作太频繁', '短时间内的请求过多，本次未计费。请稍等后继续。'),
  overloaded: say('系统繁忙', '系统暂时无法处理更多请求，本次未计费。请稍后重试；若持续出现，请联系管理员。'),
  budgetDay: say(
    '今日预算已用完',
    '预算在北京时间零点恢复。查过的内容仍可免费查看；急需时请联系管理员提高预算。',
  ),
  budgetMonth: say(
    '本月预算已用完',
    '预算在下月一日（北京时间）恢复。查过的内容仍可免费查看；急需时请联系管理员提高预算。',
  ),
  budgetClient: say(
    '你的今日额度已用完',
    '额度在北京时间零点恢复。查过的内容仍可免费查看；急需时请联系管理员提高额度。',
  ),
  budgetUnknown: say('预算暂时无法核对', '为避免超支，系统没有发出计费请求。请稍后重试。'),
  costLimit: say(
    '已达到计费上限',
    '继续载入会超过本次设定的上限，因此已停止。如需继续，请重新载入并提高上限。',
  ),
  tooLarge: say('内容太多', '一次请求的内容超过系统上限，本次未计费。请减少公司数量后重试。'),
  badKey: say(
    '查询词无法识别',
    '请核对公司名或代码：公司名至少 2 个字；统一社会信用代码 18 位，可能输错了一位，也可改用公司名查询；本系统只能查公司，不能查个人。',
  ),
  pending: say('企查查正在准备数据', '请稍等后重试；每次重试都会计费，请勿频繁重试。'),
  lastRow: say('超出可查范围', '企查查最多提供前 5,000 件案件，后面的案件无法载入。'),
  cooldown: say('企查查暂停了这项查询', '同样的查询多次出错后会被暂停。请稍后重试，期间可以查询其他公司。'),
  account: say(
    '企查查账户暂不可用',
    '账户可能欠费、用完额度或未开通。请通知管理员处理；查过的内容仍可免费查看。',
  ),
  source: say('企查查暂时没有返回数据', '请稍后重试；已取得的内容不会重复计费。'),
  unreadable: say('部分内容无法识别', '企查查给出的内容不是有效的日期或金额，表中显示为“—”，未计入合计。'),
  offline: say('无法连接系统', '请检查网络连接后重试；若其他网站正常，请联系管理员。'),
  other: say('出现意外错误', '请重试；若再次出现，请把下面的编号告诉管理员。'),
  raw: (texts: string) => `原文：${texts}`,
  reference: (id: string) => `编号：${id}`,
};
