import type { EmbeddedStore } from '../embedded/embedded-store.js';
import type { Journal, Row } from '../journal.js';
import {
  type CounterStore,
  type EntryStore,
  type LeaseStore,
  type ReportFault,
  type Store,
  type StoreHealth,
  StoreUnavailable,
} from '../store.js';
import type { RedisStore } from './redis-store.js';
import { ship } from './ship.js';

/** How often a lost Redis is looked for, in milliseconds. */
const CHECK_INTERVAL = 500;
/** How often rows that Redis has held for long enough are removed from the spool. */
const TRIM_INTERVAL = 600_000;

export interface SharedStoreSettings {
  /** The key of the first row that the spool still keeps: Redis has held earlier ones for long enough. */
  readonly firstSpooledKey: () => string;
  readonly report: ReportFault;
}

/**
 * Redis, with a spool on the local disk that replaces it while it is lost. What the spool took meanwhile is shipped to
 * Redis once it is back. Rows of the journal go to both and are shipped again after each loss, since a server that crashed
 * may have lost the last of them. Reservations need Redis: without it, nobody knows what the other instances spend.
 */
export class SharedStore implements Store {
  readonly entries: EntryStore = {
    get: async (key) => {
      const found = await this.#either(({ entries }) => entries.get(key));
      return found ?? (this.#recovery ? this.spool.entries.get(key) : undefined);
    },
    put: (key, bytes, until) => this.#either(({ entries }) => entries.put(key, bytes, until)),
    drop: (key, bytes) => this.#either(({ entries }) => entries.drop(key, bytes)),
  };

  readonly leases: LeaseStore = {
    take: (key, holder, duration) => this.#either(({ leases }) => leases.take(key, holder, duration)),
    claim: async (key, holder, duration, entries) => {
      // During recovery the spool holds what has not been shipped yet.
      const spooled = this.#recovery
        ? await Promise.all(entries.map((entry) => this.spool.entries.get(entry).catch(() => undefined)))
        : [];
      if (spooled.some((bytes) => bytes !== undefined)) return { entries: spooled };
      return this.#either(({ leases }) => leases.claim(key, holder, duration, entries));
    },
    release: async (key, holder) => {
      await this.spool.leases.release(key, holder);
      if (this.#isUp) await this.#inRedis(({ leases }) => leases.release(key, holder));
    },
  };

  /** While Redis is lost, reservations and reads reject, and what cannot be refunded stays spent: it might count twice. */
  readonly counters: CounterStore = {
    reserve: async (group, limits, wanted, until) => {
      this.#assertUp();
      return this.#inRedis(({ counters }) => counters.reserve(group, limits, wanted, until));
    },
    refund: async (group, fields) => {
      if (this.#isUp) await this.#inRedis(({ counters }) => counters.refund(group, fields));
    },
    add: (group, counts, until) => this.#either(({ counters }) => counters.add(group, counts, until)),
    counts: async (group) => {
      this.#assertUp();
      return this.#inRedis(({ counters }) => counters.counts(group));
    },
  };

  /** While Redis is lost, reads reject: the spool has the rows of this host only. */
  readonly journal: Journal = {
    append: async (row) => {
      // Redis gets the row first, so that what is written after it is not seen before it.
      const shipped = this.#isUp
        ? this.#inRedis(({ journal }) => journal.append(row)).catch((error: unknown) => {
            this.settings.report('a row of the ledger waits in the spool', error);
          })
        : undefined;
      await Promise.all([this.spool.journal.append(row), shipped]);
    },
    rows: (from, to) => this.#rows(from, to),
    prune: async (below) => {
      await this.spool.journal.prune(below);
      if (this.#isUp) await this.#inRedis(({ journal }) => journal.prune(below));
    },
  };

  #isUp = false;
  #isClosed = false;
  #recovery: Promise<void> | undefined;
  readonly #checkTimer: NodeJS.Timeout;
  readonly #trimTimer: NodeJS.Timeout;

  constructor(
    private readonly redis: RedisStore,
    private readonly spool: EmbeddedStore,
    private readonly settings: SharedStoreSettings,
  ) {
    this.#checkTimer = setInterval(() => this.check(), CHECK_INTERVAL).unref();
    this.#trimTimer = setInterval(() => void this.#trim(), TRIM_INTERVAL).unref();
  }

  /** Checks whether Redis is lost, or is back and needs what it missed. */
  check(): void {
    if (this.redis.health() !== 'ok') this.#lose();
    else if (!this.#isUp && !this.#isClosed) {
      this.#recovery ??= this.#recover().finally(() => {
        this.#recovery = undefined;
      });
    }
  }

  health(): StoreHealth {
    return this.#isUp ? 'ok' : 'degraded';
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#checkTimer);
    clearInterval(this.#trimTimer);
    await this.#recovery;
    await this.redis.close();
    await this.spool.close();
  }

  async *#rows(from: string, to: string): AsyncIterable<Row> {
    this.#assertUp();
    yield* this.redis.journal.rows(from, to);
  }

  /** Does something in Redis; in the spool where Redis is lost. */
  async #either<T>(work: (store: Store) => Promise<T>): Promise<T> {
    if (!this.#isUp) return work(this.spool);
    try {
      return await this.#inRedis(work);
    } catch {
      // Reported as a loss by now.
      return work(this.spool);
    }
  }

  /** Does something in Redis. A failure means that Redis is lost. */
  async #inRedis<T>(work: (store: RedisStore) => Promise<T>): Promise<T> {
    try {
      return await work(this.redis);
    } catch (error) {
      this.#lose(error);
      throw error;
    }
  }

  #assertUp(): void {
    if (!this.#isUp) throw new StoreUnavailable('Redis cannot be reached');
  }

  #lose(error?: unknown): void {
    if (this.#isUp && !this.#isClosed) {
      this.settings.report('Redis is lost: the spool on the local disk replaces it', error);
    }
    this.#isUp = false;
  }

  async #recover(): Promise<void> {
    try {
      await this.redis.counters.restore();
      await this.redis.ping();
      await ship(this.spool, this.redis);
      this.#isUp = true;
      // Once more, for what the spool took meanwhile.
      await ship(this.spool, this.redis);
    } catch (error) {
      this.#isUp = false;
      this.settings.report('the spool could not be shipped to Redis', error);
    }
  }

  async #trim(): Promise<void> {
    if (!this.#isUp) return;
    await this.spool.journal.prune(this.settings.firstSpooledKey()).catch((error: unknown) => {
      this.settings.report('the spool could not be trimmed', error);
    });
  }
}
