import * as z from 'zod';
import type { Batch, Outbox } from '../../store/embedded/outbox.js';
import type { Row } from '../../store/journal.js';
import type { Database, Statements } from './database.js';
import { writeCounters, writeRows } from './write-batch.js';

/** The latest batch of an outbox that the ledger has. */
const latestBatch = z.object({ sequence: z.coerce.number().int(), batch: z.string() });
type LatestBatch = z.infer<typeof latestBatch>;

/**
 * Ships one batch in one transaction, so that a crash of either side loses and doubles nothing: the number of the batch is
 * committed with it, and the outbox lets go of it afterwards.
 *
 * @param rows reads the rows, once no other process ships this outbox
 * @returns the rows that were shipped
 */
export async function shipBatch(
  database: Database,
  outbox: Outbox,
  accountId: number,
  rows: () => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const name = await outbox.name();
  const shipped = await database.transaction(async (statements) => {
    // Until the end of the transaction, other processes that share the outbox wait here.
    const latest = await lock(statements, name);
    const batch = await nextBatch(outbox, name, latest);
    const waiting = await rows();
    await writeRows(statements, accountId, waiting);
    await writeCounters(statements, accountId, batch.counters);
    await statements.query(
      'UPDATE endcase_outboxes SET sequence = $2, batch = $3, shipped_at = now() WHERE outbox = $1',
      [name, batch.sequence, batch.id],
    );
    return { batch, rows: waiting };
  });
  await outbox.shipped(shipped.batch, shipped.rows);
  return shipped.rows;
}

/** Locks the latest batch of an outbox, and returns it. */
async function lock(statements: Statements, outbox: string): Promise<LatestBatch> {
  await statements.query(
    `INSERT INTO endcase_outboxes (outbox, sequence, batch) VALUES ($1, 0, '') ON CONFLICT DO NOTHING`,
    [outbox],
  );
  const rows = await statements.query(
    'SELECT sequence, batch FROM endcase_outboxes WHERE outbox = $1 FOR UPDATE',
    [outbox],
  );
  return z.tuple([latestBatch]).parse(rows)[0];
}

/** The first batch that the ledger does not have. */
async function nextBatch(outbox: Outbox, name: string, latest: LatestBatch): Promise<Batch> {
  const batch = await outbox.seal();
  if (batch.outbox === name && batch.sequence > latest.sequence) return batch;
  if (batch.id === latest.batch) {
    // It was shipped, and the process ended before it knew.
    await outbox.shipped(batch, []);
    return nextBatch(outbox, name, latest);
  }
  if (batch.outbox === name) await outbox.rename();
  throw new Error('a copy of this DATA_DIR ships to the same ledger; this one continues under a new name');
}
