const TEN_THOUSAND = 10_000;

/** Yuan as 万元, with one decimal place under a hundred. */
export function inWan(yuan: string | null | undefined): string {
  if (yuan == null) return '—';
  const wan = Number(yuan) / TEN_THOUSAND;
  const digits = Math.abs(wan) < 100 ? 1 : 0;
  return wan.toLocaleString('zh-CN', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** The exact figure, grouped; the text is kept as it came but for its groups. */
export function exactYuan(yuan: string | null | undefined): string {
  if (yuan == null) return '';
  const [whole = '', fraction] = yuan.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return `¥${fraction === undefined ? grouped : `${grouped}.${fraction}`}`;
}

/** Between 0 and 1: how much of what was to be enforced was not performed; null where that cannot be told. */
export function unperformedShare(enforced?: string | null, unperformed?: string | null): number | null {
  const [of, left] = [Number(enforced ?? Number.NaN), Number(unperformed ?? Number.NaN)];
  return of > 0 && left >= 0 ? Math.min(1, left / of) : null;
}
