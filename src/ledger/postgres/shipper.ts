import { setTimeout as sleep } from 'node:timers/promises';
import type { Outbox } from '../../store/embedded/outbox.js';
import type { Row, StoreHealth } from '../../store/journal.js';
import { type ReportFault, StoreUnavailable } from '../../store/store.js';
import { KEYS_END, keyAfter } from '../row.js';
import { accountIdOf } from './account.js';
import type { Database } from './database.js';
import { prepareSchema, SchemaError } from './schema.js';
import { shipBatch } from './ship-batch.js';
import { readRow } from './write-batch.js';

/** How many rows one batch has at most. */
const BATCH = 500;
/** Milliseconds between two looks at what waits; after a failure; and without traffic, between two signs of life. */
const SHIP_INTERVAL = 100;
const RETRY_INTERVAL = 500;
const PING_INTERVAL = 2000;
/** Milliseconds that closing waits for the last batches, and for a server that is lost anyway. */
const CLOSE_TIMEOUT = 5000;
const CLOSE_TIMEOUT_LOST = 500;

const FAULT = 'The ledger cannot be read now, because PostgreSQL does not have all rows yet.';

export interface ShipperSettings {
  /** Names the account, so that several share the tables without mixing. */
  readonly account: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly report: ReportFault;
  /** Called when PostgreSQL has the whole ledger again after a failure. */
  readonly onReturn?: () => void;
}

/** What waits to be shipped: how many rows, and for how many milliseconds the oldest of it. */
export interface Backlog {
  readonly rows: number;
  readonly age: number;
}

/** Ships to PostgreSQL what waits in the outbox, in the background. */
export class Shipper {
  #accountId: number | undefined;
  /** Whether PostgreSQL has what waited at the last attempt; undefined before the first. */
  #isUp: boolean | undefined;
  #schemaFault: SchemaError | undefined;
  /** Milliseconds since the process started. */
  #lastContact = 0;
  #lastEmpty = performance.now();
  #last = Promise.resolve();
  #next: Promise<void> | undefined;
  #isClosed = false;
  #timer: NodeJS.Timeout | undefined;
  /** Keys of rows that cannot be read. They were reported, and stay where they are. */
  readonly #unreadable = new Set<string>();

  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly settings: ShipperSettings,
  ) {}

  /** Ships from now on. Resolves after the first attempt. @throws SchemaError where the tables must not be touched */
  async start(): Promise<void> {
    await this.#tick();
    if (this.#schemaFault) throw this.#schemaFault;
  }

  /** Ships all that waits now, and resolves with the id of the account. @throws StoreUnavailable where that fails */
  async complete(): Promise<number> {
    if (this.#isUp) await this.flush();
    if (this.#isUp && this.#accountId !== undefined) return this.#accountId;
    throw new StoreUnavailable(FAULT);
  }

  /** Ships all that waits now. @throws StoreUnavailable where that fails */
  flush(): Promise<void> {
    this.#next ??= this.#last.then(() => {
      this.#next = undefined;
      return this.#ship();
    });
    this.#last = this.#next.catch(() => undefined);
    return this.#next;
  }

  /** Degraded while PostgreSQL is lost, and until it has what waited meanwhile. */
  health(): StoreHealth {
    return this.#isUp ? 'ok' : 'degraded';
  }

  backlog(): Backlog {
    if (!this.#isWaiting()) return { rows: 0, age: 0 };
    const first = this.outbox.journal.firstKey(this.#unreadable);
    const since = first === undefined ? 0 : this.settings.now() - Number.parseInt(first, 10);
    const age = Math.max(since, performance.now() - this.#lastEmpty);
    return { rows: this.outbox.journal.count() - this.#unreadable.size, age };
  }

  /** PostgreSQL does not take anything now. */
  lose(error: unknown): void {
    if (this.#isUp !== false && !this.#isClosed) {
      this.settings.report('PostgreSQL does not accept the ledger; it waits in DATA_DIR', error);
    }
    this.#isUp = false;
  }

  /** Ships what still waits, and stops. What PostgreSQL does not take in time stays in the outbox. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    const [done, timeout] = this.#isUp ? [this.flush(), CLOSE_TIMEOUT] : [this.#last, CLOSE_TIMEOUT_LOST];
    this.#isClosed = true;
    const ended = done.catch(() => undefined).then(() => this.database.close());
    await Promise.race([ended, sleep(timeout, undefined, { ref: false })]);
  }

  async #tick(): Promise<void> {
    // A failure is reported by now.
    await this.flush().catch(() => undefined);
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => void this.#tick(), this.#isUp ? SHIP_INTERVAL : RETRY_INTERVAL).unref();
  }

  async #ship(): Promise<void> {
    try {
      const isWaiting = this.#isWaiting();
      if (this.#isUp && !isWaiting && performance.now() - this.#lastContact < PING_INTERVAL) return;
      const accountId = await this.#prepare();
      if (isWaiting) await this.#shipAll(accountId);
      else if (this.#isUp) await this.database.query('SELECT 1');
      this.#succeed();
    } catch (error) {
      if (error instanceof SchemaError) this.#schemaFault = error;
      this.lose(error);
      throw new StoreUnavailable(FAULT);
    }
  }

  /** The id of the account. Connects where that has not succeeded since the last failure. */
  async #prepare(): Promise<number> {
    if (this.#isUp && this.#accountId !== undefined) return this.#accountId;
    await prepareSchema(this.database);
    this.#accountId = await accountIdOf(this.database, this.settings.account);
    return this.#accountId;
  }

  /** Ships everything once, from the beginning. Rows that change meanwhile are shipped the next time. */
  async #shipAll(accountId: number): Promise<void> {
    for (let from = ''; ; ) {
      const rows = await shipBatch(this.database, this.outbox, accountId, () => this.#read(from));
      const last = rows.at(-1);
      if (last) from = keyAfter(last.key);
      if (rows.length < BATCH && !this.outbox.hasCounters()) return;
    }
  }

  async #read(from: string): Promise<readonly Row[]> {
    const rows: Row[] = [];
    for await (const row of this.outbox.journal.rows(from, KEYS_END)) {
      if (row.bytes.length === 0 || readRow(row)) rows.push(row);
      else this.#reportUnreadable(row.key);
      if (rows.length === BATCH) break;
    }
    return rows;
  }

  #reportUnreadable(key: string): void {
    if (this.#unreadable.has(key)) return;
    this.#unreadable.add(key);
    this.settings.report(`row ${key} of the ledger cannot be read and stays in DATA_DIR`, undefined);
  }

  #isWaiting(): boolean {
    const { journal } = this.outbox;
    const isWaiting = journal.firstKey(this.#unreadable) !== undefined || this.outbox.hasCounters();
    if (!isWaiting) this.#lastEmpty = performance.now();
    return isWaiting;
  }

  #succeed(): void {
    this.#lastContact = performance.now();
    if (this.#isUp === false) this.settings.onReturn?.();
    this.#isUp = true;
  }
}
