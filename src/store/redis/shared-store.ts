import type { EmbeddedStore } from '../embedded/embedded-store.js';
import type { Journal, Row } from '../journal.js';
import {
  type Claim,
  type Counts,
  type Limit,
  type ReportFault,
  type Shortage,
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
export class SharedStore implements Store, Journal {
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

  async get(key: string): Promise<Uint8Array | undefined> {
    const found = await this.#either((store) => store.get(key));
    return found ?? (this.#recovery ? this.spool.get(key) : undefined);
  }

  put(key: string, bytes: Uint8Array, until: number): Promise<void> {
    return this.#either((store) => store.put(key, bytes, until));
  }

  drop(key: string, bytes: Uint8Array): Promise<void> {
    return this.#either((store) => store.drop(key, bytes));
  }

  lease(key: string, holder: string, duration: number): Promise<string> {
    return this.#either((store) => store.lease(key, holder, duration));
  }

  async claim(key: string, holder: string, duration: number, entries: readonly string[]): Promise<Claim> {
    // During recovery the spool holds what has not been shipped yet.
    const spooled = this.#recovery
      ? await Promise.all(entries.map((entry) => this.spool.get(entry).catch(() => undefined)))
      : [];
    if (spooled.some((bytes) => bytes !== undefined)) return { entries: spooled };
    return this.#either((store) => store.claim(key, holder, duration, entries));
  }

  async release(key: string, holder: string): Promise<void> {
    await this.spool.release(key, holder);
    if (this.#isUp) await this.#inRedis(() => this.redis.release(key, holder));
  }

  /** @throws StoreUnavailable while Redis is lost */
  async reserve(
    group: string,
    limits: readonly Limit[],
    wanted: number,
    until: number,
  ): Promise<Shortage | null> {
    this.#assertUp();
    return this.#inRedis(() => this.redis.reserve(group, limits, wanted, until));
  }

  /** While Redis is lost, what cannot be refunded stays spent: a refund sent later might count twice. */
  async refund(group: string, fields: readonly string[]): Promise<void> {
    if (this.#isUp) await this.#inRedis(() => this.redis.refund(group, fields));
  }

  add(group: string, counts: Counts, until: number): Promise<Counts> {
    return this.#either((store) => store.add(group, counts, until));
  }

  /** @throws StoreUnavailable while Redis is lost: the spool knows this host's share only */
  async counts(group: string): Promise<Counts> {
    this.#assertUp();
    return this.#inRedis(() => this.redis.counts(group));
  }

  async append(row: Row): Promise<void> {
    // Redis gets the row first, so that what is written after it is not seen before it.
    const shipped = this.#isUp
      ? this.#inRedis(() => this.redis.append(row)).catch((error: unknown) => {
          this.settings.report('a row of the ledger waits in the spool', error);
        })
      : undefined;
    await Promise.all([this.spool.append(row), shipped]);
  }

  /** @throws StoreUnavailable while Redis is lost: the spool knows this host's share only */
  async *rows(from: string, to: string): AsyncIterable<Row> {
    this.#assertUp();
    yield* this.redis.rows(from, to);
  }

  async prune(below: string): Promise<void> {
    await this.spool.prune(below);
    if (this.#isUp) await this.#inRedis(() => this.redis.prune(below));
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

  /** Does something in Redis; in the spool where Redis is lost. */
  async #either<T>(work: (store: Store) => Promise<T>): Promise<T> {
    if (!this.#isUp) return work(this.spool);
    try {
      return await this.#inRedis(() => work(this.redis));
    } catch {
      // Reported as a loss by now.
      return work(this.spool);
    }
  }

  /** Does something in Redis. A failure means that Redis is lost. */
  async #inRedis<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
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
      await this.redis.restore();
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
    await this.spool.prune(this.settings.firstSpooledKey()).catch((error: unknown) => {
      this.settings.report('the spool could not be trimmed', error);
    });
  }
}
