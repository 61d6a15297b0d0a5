import * as z from 'zod';
import type { EmbeddedJournal } from '../../store/embedded/journal.js';
import type { Journal, Row, StoreHealth } from '../../store/journal.js';
import { encodeRow, keyAfter, ledgerRow } from '../row.js';
import type { Database } from './database.js';
import { prune } from './prune.js';
import type { Shipper } from './shipper.js';

/** How many rows are read at once. */
const PAGE = 2000;
const READ = `
SELECT row_id AS key, round(extract(epoch FROM started_at) * 1000)::bigint AS at, client, operation, method, subject,
  status, order_number AS "orderNumber", billed, price, latency_ms AS latency
FROM endcase_ledger WHERE account_id = $1 AND row_id >= $2 AND row_id < $3 ORDER BY row_id LIMIT ${PAGE}`;

const page = z.array(
  ledgerRow.extend({ key: z.string(), at: z.coerce.number(), latency: z.coerce.number() }),
);

/**
 * The journal in PostgreSQL, behind one on the local disk. The local journal takes each row first, and a call waits for
 * nothing else: the shipper moves rows to PostgreSQL in the background.
 */
export class PostgresJournal implements Journal {
  readonly append: Journal['append'];
  /** Resolves once the row is on the local disk. */
  readonly settle: Journal['settle'];
  readonly remove: Journal['remove'];

  constructor(
    private readonly database: Database,
    private readonly shipper: Shipper,
    private readonly local: EmbeddedJournal,
  ) {
    this.append = (row) => local.append(row);
    this.settle = (row) => local.settle(row);
    this.remove = (row) => local.remove(row);
  }

  /** @throws StoreUnavailable while PostgreSQL does not have all that this instance has recorded */
  async *rows(from: string, to: string): AsyncIterable<Row> {
    const accountId = await this.shipper.complete();
    for (let start = from; ; ) {
      const rows = page.parse(await this.database.query(READ, [accountId, start, to]));
      for (const { key, ...row } of rows) yield { key, bytes: encodeRow(row) };
      const last = rows.at(-1);
      if (last === undefined || rows.length < PAGE) return;
      start = keyAfter(last.key);
    }
  }

  /** Rows need no label here: their columns say what they count as. */
  async label(): Promise<void> {}

  /** Removes nothing while PostgreSQL is lost: the next time does. */
  async prune(below: string): Promise<void> {
    if (this.shipper.health() !== 'ok') return;
    await prune(this.database, await this.shipper.complete(), below);
  }

  /** Degraded while PostgreSQL lacks rows, or the local disk takes none. */
  health(): StoreHealth {
    return this.shipper.health() === 'ok' ? this.local.health() : 'degraded';
  }
}
