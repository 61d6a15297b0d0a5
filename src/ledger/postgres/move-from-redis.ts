import type { Row } from '../../store/journal.js';
import type { LedgerInRedis } from '../../store/shared/shared-store.js';
import { HOUR, hourOf, usageGroup } from '../hourly-usage.js';
import { KEYS_END, keyAfter } from '../row.js';
import type { Database, Statements } from './database.js';
import { readRow, writeCounters, writeRows } from './write-batch.js';

/** How many rows, and the counters of how many hours, are moved at once. */
const ROWS = 500;
const HOURS = 50;
/** Of the advisory lock that the process has which moves a ledger. */
const LOCK = 3_620_117_443;

export interface MoveSettings {
  readonly accountId: number;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Milliseconds that rows and counters were kept. */
  readonly retention: number;
}

/**
 * Moves the ledger that Redis has kept until now. May be called again: rows that instances of an earlier configuration have
 * written meanwhile are moved then, and the counters of avoided calls are moved once.
 */
export async function moveFromRedis(
  database: Database,
  redis: LedgerInRedis,
  settings: MoveSettings,
): Promise<void> {
  for (let from = ''; ; ) {
    const rows = await database.transaction(async (statements) => {
      // Rows are read once no other process moves any, so that none is replaced by an earlier version.
      await statements.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
      const batch = await firstRows(redis, from);
      await writeRows(statements, settings.accountId, batch);
      return batch;
    });
    await redis.journal.removeUnchanged(rows);
    const last = rows.at(-1);
    if (last === undefined || rows.length < ROWS) break;
    from = keyAfter(last.key);
  }
  await database.transaction((statements) => moveCounters(statements, redis, settings));
}

/** Rows that cannot be read stay where they are. */
async function firstRows(redis: LedgerInRedis, from: string): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for await (const row of redis.journal.rows(from, KEYS_END)) {
    if (readRow(row)) rows.push(row);
    if (rows.length === ROWS) break;
  }
  return rows;
}

/** Redis keeps the counters. A row of the table of outboxes, committed with them, says that they were moved. */
async function moveCounters(
  statements: Statements,
  { counters }: LedgerInRedis,
  { accountId, now, retention }: MoveSettings,
): Promise<void> {
  const marked = await statements.query(
    `INSERT INTO endcase_outboxes (outbox, sequence, batch) VALUES ($1, 1, '') ON CONFLICT DO NOTHING RETURNING 1`,
    [`Redis, account ${accountId}`],
  );
  if (marked.length === 0) return;
  const end = hourOf(now) + 1;
  for (let hour = end - Math.ceil(retention / HOUR); hour < end; hour += HOURS) {
    const groups = Array.from({ length: HOURS }, (_, index) => usageGroup(Math.max(0, hour + index)));
    const found = await Promise.all(groups.map((group) => counters.readAll(group)));
    const moved = found.flatMap((counts, index) =>
      [...counts].map(([field, count]) => ({ group: groups[index] ?? '', field, count })),
    );
    await writeCounters(statements, accountId, moved);
  }
}
