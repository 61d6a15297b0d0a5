/** The error codes of QCC's refusals. */
export type RefusalCode =
  | 'BAD_USER_INPUT'
  | 'UPSTREAM_PENDING'
  | 'UPSTREAM_LIMIT_EXCEEDED'
  | 'UPSTREAM_COOLDOWN'
  | 'UPSTREAM_UNSUPPORTED'
  | 'UPSTREAM_FORBIDDEN'
  | 'UPSTREAM_QUOTA_EXHAUSTED'
  | 'UPSTREAM_BUSY'
  | 'UPSTREAM_FAILURE';

/** Everything that the gateway knows about one status code. */
export interface StatusRule {
  /** QCC's own words. */
  readonly meaning: string;
  /** 有效请求 (billed) or 无效请求 (not); null where the document is silent. */
  readonly billed: boolean | null;
  /** The code that a client sees; null where the answer is data. */
  readonly code: RefusalCode | null;
  /** The answer is data, and says that there is nothing. */
  readonly empty?: true;
  /** Whether the same operation may sensibly be sent again. */
  readonly retryable?: true;
  /** When: in so many seconds, or on the next day in Asia/Shanghai. */
  readonly retryAfter?: number | 'next day';
  /** How many more attempts the gateway makes. */
  readonly retries?: number;
  /** How many seconds the gateway repeats the same error to identical calls, unbilled. */
  readonly rememberedFor?: number;
  /** What the gateway stops calling (circuit). */
  readonly stops?: 'method' | 'account';
  /** How many seconds it stops before the first probe, if not the default. */
  readonly stopsFor?: number;
}

const HOUR = 3600;
const QUARTER = 900;

const badInput = (meaning: string): StatusRule => ({
  meaning,
  billed: true,
  code: 'BAD_USER_INPUT',
  rememberedFor: HOUR,
});
const limit = (meaning: string): StatusRule => ({
  meaning,
  billed: true,
  code: 'UPSTREAM_LIMIT_EXCEEDED',
  rememberedFor: HOUR,
});
const uncharged = (code: RefusalCode, meaning: string, rest: Partial<StatusRule> = {}): StatusRule => ({
  meaning,
  billed: false,
  code,
  ...rest,
});
const forbidden = (meaning: string, stops: 'method' | 'account' = 'account') =>
  uncharged('UPSTREAM_FORBIDDEN', meaning, { stops });
const dailyQuota = (meaning: string) =>
  uncharged('UPSTREAM_QUOTA_EXHAUSTED', meaning, {
    stops: 'account',
    stopsFor: QUARTER,
    retryable: true,
    retryAfter: 'next day',
  });

/**
 * Every known status code: tables 7.1 (billed) and 7.2 (not billed) of QCC's document, V1.0, and 122, which was seen in the
 * field. No other file names a status code.
 */
export const statuses: Readonly<Record<string, StatusRule>> = {
  '200': { meaning: '查询成功', billed: true, code: null },
  '201': { meaning: '查询无结果', billed: true, code: null, empty: true },
  '202': badInput('查询参数错误,请检查'),
  '205': {
    meaning: '等待处理中',
    billed: true,
    code: 'UPSTREAM_PENDING',
    retryable: true,
    retryAfter: 5,
    // Each call is billed, so it is not made again before a retry makes sense.
    rememberedFor: 5,
  },
  '207': limit('请求数据的条目数超过上限(5000)'),
  '208': badInput('此接口不支持此公司类型查询'),
  '209': limit('企业数量超过上限'),
  '213': badInput('参数长度不能小于2'),
  '215': badInput('不支持的查询关键字'),
  '218': badInput('该企业暂不支持空壳扫描'),
  '219': badInput('该企业暂不支持准入尽调'),
  '105': {
    meaning: '接口已下线停用',
    billed: true,
    code: 'UPSTREAM_UNSUPPORTED',
    rememberedFor: HOUR,
    stops: 'method',
  },
  '110': {
    meaning: '当前相同查询连续出错,请等2小时后重试',
    billed: true,
    code: 'UPSTREAM_COOLDOWN',
    retryable: true,
    retryAfter: 2 * HOUR,
    rememberedFor: 2 * HOUR,
  },

  '101': forbidden('当前的KEY无效或者还未生效中'),
  '102': uncharged('UPSTREAM_QUOTA_EXHAUSTED', '当前KEY已欠费', { stops: 'account' }),
  '103': forbidden('当前KEY被暂停使用'),
  '104': forbidden('请求KEY异常,请联系管理员'),
  '106': forbidden('非法请求过多,请联系管理员'),
  '107': forbidden('被禁止的IP或者签名错误'),
  '108': forbidden('异常请求过多,请联系管理员'),
  '109': dailyQuota('请求超过每日系统限制'),
  '111': forbidden('接口权限未开通,请联系管理员', 'method'),
  '112': uncharged('UPSTREAM_QUOTA_EXHAUSTED', '您的账号剩余使用量已不足或已过期', { stops: 'account' }),
  '113': uncharged('UPSTREAM_UNSUPPORTED', '当前接口已被删除,请重新申请', { stops: 'method' }),
  '114': uncharged('UPSTREAM_UNSUPPORTED', '当前接口已被禁用,请联系管理员', { stops: 'method' }),
  '115': forbidden('身份验证错误或者已过期'),
  '116': dailyQuota('请求超过每日调用总量限制'),
  '117': uncharged('UPSTREAM_UNSUPPORTED', '当前不支持的请求参数调用量过多'),
  '118': uncharged('UPSTREAM_UNSUPPORTED', '当前接口不支持此方式的调用', { stops: 'method' }),
  '119': forbidden('您的帐号出现异常,请联系管理员'),
  '120': uncharged('UPSTREAM_BUSY', '系统流量异常,请稍后再试', { retryable: true, retries: 2 }),
  '121': forbidden('数据不能出境'),
  '122': {
    meaning: '并发数超过上限',
    billed: null,
    code: 'UPSTREAM_BUSY',
    retryable: true,
  },
  '199': uncharged('UPSTREAM_FAILURE', '系统未知错误,请联系技术客服', { retryable: true, retries: 1 }),
  '203': uncharged('UPSTREAM_FAILURE', '系统查询有异常,请联系技术人员', { retryable: true, retries: 1 }),
  '214': forbidden('您还未购买过该接口,请先购买', 'method'),
  '223': uncharged('BAD_USER_INPUT', '当前接口的计费方式不支持此查询参数'),
  '224': uncharged('BAD_USER_INPUT', '查询参数无效'),
};

const unlisted: StatusRule = {
  meaning: '未列入文档的状态码',
  billed: null,
  code: 'UPSTREAM_FAILURE',
  retryable: true,
};

/** The rule for a status. A code in neither table is a failure that may have been billed. */
export function statusRule(status: string): StatusRule {
  return Object.hasOwn(statuses, status) ? (statuses[status] ?? unlisted) : unlisted;
}
