import { cutName } from '../../qcc/text/typed-text.js';
import type { CounterRecord } from '../../store/embedded/counters.js';
import type { Row } from '../../store/journal.js';
import { AVOID_REASONS, decodeUsageKind, HOUR, hourOfGroup } from '../hourly-usage.js';
import { decodeRow, type LedgerRow } from '../row.js';
import type { Statements } from './database.js';

/** Adds to the counts of an hour. The order is the same in all transactions, so that no two wait for each other. */
const ADD_USAGE = `
INSERT INTO endcase_usage (account_id, hour, client, operation, method, status, price, kind, calls)
SELECT $1, hour, client, operation, method, status, price, kind, sum(n) FROM changes
GROUP BY hour, client, operation, method, status, price, kind HAVING sum(n) <> 0
ORDER BY hour, kind, method, client, operation, status, price
ON CONFLICT (account_id, hour, kind, method, client, coalesce(operation, ''), coalesce(status, ''), coalesce(price, -1))
DO UPDATE SET calls = endcase_usage.calls + excluded.calls`;

/**
 * Writes rows ($2 to $12: arrays of their columns), removes others ($13: their ids), and moves their counts within the
 * hours in which the attempts began. All parts see the rows as they were before. An attempt whose outcome is known is not
 * replaced by an earlier version, as from a copy of DATA_DIR.
 */
const WRITE_ROWS = `
WITH given AS (
  SELECT * FROM unnest($2::text[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
    $9::text[], $10::text[], $11::numeric[], $12::bigint[])
  AS row (row_id, started_at, client, operation, method, subject, status, order_number, billed, price, latency_ms)
), known AS (
  SELECT endcase_ledger.* FROM endcase_ledger JOIN given USING (row_id) WHERE account_id = $1
), batch AS (
  SELECT * FROM given WHERE billed <> 'maybe'
    OR NOT EXISTS (SELECT FROM known WHERE known.row_id = given.row_id AND known.billed <> 'maybe')
), removed AS (
  DELETE FROM endcase_ledger WHERE account_id = $1 AND row_id = ANY ($13::text[]) RETURNING *
), written AS (
  INSERT INTO endcase_ledger (account_id, row_id, started_at, client, operation, method, subject, status, order_number,
    billed, price, latency_ms)
  SELECT $1, batch.* FROM batch
  ON CONFLICT (account_id, row_id) DO UPDATE SET client = excluded.client, operation = excluded.operation,
    method = excluded.method, subject = excluded.subject, status = excluded.status,
    order_number = excluded.order_number, billed = excluded.billed, price = excluded.price,
    latency_ms = excluded.latency_ms
), changes AS (
  SELECT date_trunc('hour', started_at, 'UTC') AS hour, client, operation, method, left(status, 20) AS status, price,
    billed AS kind, n
  FROM (
    SELECT started_at, client, operation, method, status, price, billed, 1 AS n FROM batch
    UNION ALL SELECT started_at, client, operation, method, status, price, billed, -1
      FROM known WHERE row_id IN (SELECT row_id FROM batch)
    UNION ALL SELECT started_at, client, operation, method, status, price, billed, -1 FROM removed
  ) AS versions
)${ADD_USAGE}`;

/** Adds counts of avoided calls: $2 to $8, arrays of the columns of `endcase_usage` that it fills. */
const WRITE_COUNTERS = `
WITH changes AS (
  SELECT hour, client, operation, method, NULL::text AS status, price, kind, n FROM
  unnest($2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::numeric[], $7::text[], $8::bigint[])
  AS counter (hour, client, operation, method, price, kind, n)
)${ADD_USAGE}`;

/** An exact decimal, as prices are written. */
const DECIMAL = /^\d+(\.\d+)?$/;

/** A row of the journal as the table has it; undefined where it cannot be read. */
export function readRow({ bytes }: Row): LedgerRow | undefined {
  const row = decodeRow(bytes);
  return row && Number.isFinite(new Date(row.at).getTime()) ? row : undefined;
}

/** Writes rows of the journal, each in its latest version. A row without bytes is removed. Unreadable rows are left out. */
export async function writeRows(
  statements: Statements,
  accountId: number,
  rows: readonly Row[],
): Promise<void> {
  const removed = rows.filter(({ bytes }) => bytes.length === 0).map(({ key }) => key);
  const cells = rows.flatMap((row) => {
    const read = readRow(row);
    return read ? [cellsOf(row.key, read)] : [];
  });
  if (cells.length + removed.length > 0) {
    await statements.query(WRITE_ROWS, [accountId, ...columns(cells, 11), removed]);
  }
}

/** Adds counters of hours. Those of rows are left out: the rows themselves are counted. */
export async function writeCounters(
  statements: Statements,
  accountId: number,
  counters: readonly Pick<CounterRecord, 'group' | 'field' | 'count'>[],
): Promise<void> {
  const cells = counters.flatMap(({ group, field, count }) => {
    const [hour, usage] = [hourOfGroup(group), decodeUsageKind(field)];
    if (hour === undefined || usage === undefined) return [];
    if (!AVOID_REASONS.some((reason) => reason === usage.kind)) return [];
    const { client, operation, method, price, kind } = usage;
    const time = new Date(hour * HOUR).toISOString();
    return [[time, text(client), text(operation), text(method), decimal(price), kind, count]];
  });
  if (cells.length > 0) await statements.query(WRITE_COUNTERS, [accountId, ...columns(cells, 7)]);
}

function cellsOf(key: string, row: LedgerRow): readonly unknown[] {
  return [
    key,
    new Date(row.at).toISOString(),
    text(cutName(row.client)),
    text(row.operation && cutName(row.operation)),
    text(row.method),
    text(row.subject),
    text(row.status),
    text(row.orderNumber),
    row.billed,
    decimal(row.price),
    Math.round(row.latency),
  ];
}

/** The arrays of the columns of a table, as `unnest` takes them. */
function columns(rows: readonly (readonly unknown[])[], count: number): readonly unknown[][] {
  return Array.from({ length: count }, (_, column) => rows.map((row) => row[column]));
}

/** PostgreSQL stores no character 0 in a text. */
function text(value: string | null): string | null {
  return value === null ? null : value.replaceAll('\u0000', '\ufffd');
}

function decimal(value: string | null): string | null {
  return value !== null && DECIMAL.test(value) ? value : null;
}
