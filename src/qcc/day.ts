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
