const TEN_THOUSAND = 10_000;

/** Converts yuan to 万元 (10,000 yuan), with one decimal place below 100. */
export function inWan(yuan: string | null | undefined): string {
  if (yuan == null) return '—';
  const wan = Number(yuan) / TEN_THOUSAND;
  const digits = Math.abs(wan) < 100 ? 1 : 0;
  return wan.toLocaleString('zh-CN', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** The exact amount in yuan, with grouped digits. It is not converted to a number, which would round it. */
export function exactYuan(yuan: string | null | undefined): string {
  if (yuan == null) return '';
  const [whole = '', fraction] = yuan.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return `¥${fraction === undefined ? grouped : `${grouped}.${fraction}`}`;
}

/** The unperformed share of the enforced amount, from 0 to 1; null if an amount is missing. */
export function unperformedShare(enforced?: string | null, unperformed?: string | null): number | null {
  const [whole, rest] = [Number(enforced ?? Number.NaN), Number(unperformed ?? Number.NaN)];
  return whole > 0 && rest >= 0 ? Math.min(1, rest / whole) : null;
}

/** A moment as date and time in Shanghai. */
export function asTime(moment: string): string {
  return new Date(moment).toLocaleString('zh-CN', { timeZone: 'Asia/Shanghai', hourCycle: 'h23' });
}
