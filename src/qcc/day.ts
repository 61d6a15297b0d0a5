const DAY = 86_400_000;
/** UTC+8 all year. */
const SHANGHAI = 8 * 3_600_000;

/** The calendar day in Asia/Shanghai, `YYYY-MM-DD`. @param time milliseconds since 1970 */
export function dayOf(time: number): string {
  return new Date(time + SHANGHAI).toISOString().slice(0, 10);
}

/** When that day began, in milliseconds since 1970. */
export function startOfDay(time: number): number {
  return Math.floor((time + SHANGHAI) / DAY) * DAY - SHANGHAI;
}

/** When the next day begins. */
export function endOfDay(time: number): number {
  return startOfDay(time) + DAY;
}

/** The calendar month in Asia/Shanghai, `YYYY-MM`. */
export function monthOf(time: number): string {
  return dayOf(time).slice(0, 7);
}

/** When the next month begins. */
export function endOfMonth(time: number): number {
  const local = new Date(time + SHANGHAI);
  return Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + 1) - SHANGHAI;
}
