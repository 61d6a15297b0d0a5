import * as z from 'zod';
import { Cancelled } from '../../qcc/error.js';
import type { Cancellation } from '../../qcc/wire/cancellation.js';
import { HOUR, usageKindName } from '../hourly-usage.js';
import type { UsageSource } from '../usage.js';
import type { Grouping, UsageSums } from '../usage-totals.js';
import type { Database } from './database.js';
import type { Shipper } from './shipper.js';

/** What each grouping groups by. */
const KEYS: Readonly<Record<Grouping, string>> = {
  DAY: `to_char(hour AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD')`,
  CLIENT: 'client',
  METHOD: 'method',
  OPERATION: 'operation',
  STATUS: 'status',
};

const counts = z.array(
  z.object({
    key: z.string().nullable(),
    kind: usageKindName,
    price: z.string().nullable(),
    calls: z.coerce.number().int(),
  }),
);

/** The table of hourly usage, which all instances share. */
export class PostgresUsage implements UsageSource {
  constructor(
    private readonly database: Database,
    private readonly shipper: Shipper,
  ) {}

  /** @throws StoreUnavailable while PostgreSQL does not have all that this instance has recorded */
  async addHours(first: number, end: number, sums: UsageSums, cancellation: Cancellation): Promise<void> {
    if (first >= end) return;
    if (cancellation.cancelled) throw new Cancelled();
    const accountId = await this.shipper.complete();
    const rows = await this.database.query(
      `SELECT ${KEYS[sums.grouping]} AS key, kind, price, sum(calls) AS calls FROM endcase_usage
       WHERE account_id = $1 AND hour >= $2 AND hour < $3 GROUP BY 1, 2, 3 HAVING sum(calls) <> 0`,
      [accountId, timeOf(first), timeOf(end)],
    );
    for (const { key, kind, price, calls } of counts.parse(rows)) sums.addTo(key, { kind, price }, calls);
  }
}

/** @param hour whole hours since 1970 */
function timeOf(hour: number): string {
  return new Date(hour * HOUR).toISOString();
}
