import type { Database } from './database.js';

/** How many rows one transaction removes, so that none takes long. */
const PIECE = 5000;
/** Of the advisory lock that the process has which removes what is old. */
const LOCK = 3_620_117_442;

const ROWS = `
DELETE FROM endcase_ledger WHERE account_id = $1 AND row_id IN (
  SELECT row_id FROM endcase_ledger WHERE account_id = $1 AND row_id < $2 ORDER BY row_id LIMIT ${PIECE}
) RETURNING 1`;
/** Also removes what was counted and then moved to another count, a day later: nothing is added to it any more. */
const USAGE = `
DELETE FROM endcase_usage WHERE ctid = ANY (ARRAY(
  SELECT ctid FROM endcase_usage WHERE account_id = $1
    AND (hour <= to_timestamp($2::bigint / 1000.0) - interval '1 hour' OR calls = 0 AND hour < now() - interval '1 day')
  LIMIT ${PIECE}
)) RETURNING 1`;

/**
 * Removes the rows below a key, and the usage of the hours before. If another process is at it, leaves it to that one.
 *
 * @param below a time in milliseconds since 1970, as keys begin
 */
export async function prune(database: Database, accountId: number, below: string): Promise<void> {
  for (const statement of [ROWS, USAGE]) {
    for (let removed = PIECE; removed === PIECE; ) {
      removed = await database.transaction(async ({ query }) => {
        const [lock] = await query('SELECT pg_try_advisory_xact_lock($1) AS taken', [LOCK]);
        return lock?.taken === true ? (await query(statement, [accountId, below])).length : 0;
      });
    }
  }
}
