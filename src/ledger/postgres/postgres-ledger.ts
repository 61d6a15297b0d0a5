import { setTimeout as sleep } from 'node:timers/promises';
import type { EmbeddedStore } from '../../store/embedded/embedded-store.js';
import type { LedgerInRedis } from '../../store/shared/shared-store.js';
import type { CounterStore } from '../../store/store.js';
import { Database } from './database.js';
import { LedgerMove } from './ledger-move.js';
import { PostgresJournal } from './postgres-journal.js';
import { PostgresUsage } from './postgres-usage.js';
import { type Backlog, Shipper, type ShipperSettings } from './shipper.js';

/** How long the start waits for PostgreSQL, in milliseconds. */
const START_TIMEOUT = 3000;

/** The ledger in PostgreSQL, and what ships it. */
export class PostgresLedger {
  readonly journal: PostgresJournal;
  readonly usage: PostgresUsage;
  /** Take the counts of avoided calls. */
  readonly counters: CounterStore;
  #move: LedgerMove | undefined;

  constructor(
    private readonly database: Database,
    private readonly shipper: Shipper,
    private readonly local: EmbeddedStore,
    private readonly settings: ShipperSettings,
  ) {
    this.journal = new PostgresJournal(database, shipper, local.journal);
    this.usage = new PostgresUsage(database, shipper);
    this.counters = local.counters;
  }

  /** What waits to be shipped. */
  backlog(): Backlog {
    return this.shipper.backlog();
  }

  /** Ships all that waits now. @throws StoreUnavailable where that fails */
  flush(): Promise<void> {
    return this.shipper.flush();
  }

  /**
   * Moves a ledger that Redis has kept until now, in the background.
   *
   * @param redis the ledger there. Throws while it cannot be read
   * @param retention milliseconds for which it was kept
   */
  move(redis: () => LedgerInRedis, retention: number): void {
    this.#move = new LedgerMove(this.database, this.shipper, redis, { ...this.settings, retention });
    void this.#move.run();
  }

  /** Ships what still waits, and closes the local store too. */
  async close(): Promise<void> {
    this.#move?.stop();
    await this.shipper.close();
    await this.local.close();
  }
}

/**
 * Opens the ledger in PostgreSQL. If the server cannot be reached yet, rows wait in the local store.
 *
 * @param local is closed with the ledger, and where that cannot be opened
 * @throws SchemaError where the tables must not be touched
 */
export async function openPostgresLedger(
  url: string,
  local: EmbeddedStore,
  settings: ShipperSettings,
): Promise<PostgresLedger> {
  let close = () => local.close();
  try {
    const database = new Database(url, (error) => shipper.lose(error));
    const shipper: Shipper = new Shipper(database, local.outbox, settings);
    const ledger = new PostgresLedger(database, shipper, local, settings);
    close = () => ledger.close();
    const started = shipper.start();
    // Tables of a later version that are found later are reported, and the ledger stays degraded.
    started.catch(() => undefined);
    await Promise.race([started, sleep(START_TIMEOUT, undefined, { ref: false })]);
    return ledger;
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Opens the ledger to read it, with all rows that wait on this host.
 *
 * @throws StoreUnavailable where PostgreSQL cannot be reached, and what `openPostgresLedger` throws
 */
export async function openPostgresForReading(
  url: string,
  local: EmbeddedStore,
  settings: ShipperSettings,
): Promise<PostgresLedger> {
  const ledger = await openPostgresLedger(url, local, settings);
  try {
    await ledger.flush();
    return ledger;
  } catch (error) {
    await ledger.close();
    throw error;
  }
}
