const SHANGHAI = { timeZone: 'Asia/Shanghai', hourCycle: 'h23' } as const;

/** A moment as date and time in Shanghai: `2026-11-25 18:19`. */
export function asTime(moment: string): string {
  return new Date(moment).toLocaleString('sv-SE', { ...SHANGHAI, dateStyle: 'short', timeStyle: 'short' });
}

/** Today in Shanghai: `2026-11-25`. */
export function today(now = new Date()): string {
  return now.toLocaleDateString('sv-SE', { timeZone: SHANGHAI.timeZone });
}

/** The first moment of the present month in Shanghai. */
export const startOfMonth = () => `${today().slice(0, 7)}-01T00:00:00+08:00`;
