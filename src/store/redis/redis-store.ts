import type { ReportFault, Store, StoreHealth } from '../store.js';
import { RedisConnection } from './connection.js';
import { RedisCounters } from './counters.js';
import { RedisEntries } from './entries.js';
import { isWriteRefusal } from './failures.js';
import { RedisJournal } from './journal.js';
import { RedisLeases } from './leases.js';
import type { CounterMemory } from './reservations.js';
import type { RedisSettings } from './target.js';

/** The store that all instances share: Redis 6.2 or later, or Valkey. */
export class RedisStore implements Store {
  readonly entries: RedisEntries;
  readonly leases: RedisLeases;
  readonly counters: RedisCounters;
  readonly journal: RedisJournal;
  readonly #redis: RedisConnection;

  /**
   * @param namespace prefix of every key
   * @param onChange called when commands can be sent, and when they no longer can
   * @param memory remembers reservations across restarts of this process; undefined: nothing does
   */
  constructor(
    settings: RedisSettings,
    namespace: string,
    report: ReportFault,
    onChange: () => void,
    memory?: CounterMemory,
  ) {
    const redis = new RedisConnection(settings, namespace, report, onChange);
    this.#redis = redis;
    this.entries = new RedisEntries(redis);
    this.leases = new RedisLeases(redis);
    this.counters = new RedisCounters(redis, memory);
    this.journal = new RedisJournal(redis);
  }

  /** What is wrong with the settings, so that Redis cannot be used. */
  get settingsFault(): string | undefined {
    return this.#redis.settingsFault;
  }

  /** Whether Redis may have lost something since this instance last restored it. */
  hasLostData(): Promise<boolean> {
    return this.counters.reservations.isNewEpoch();
  }

  /**
   * Gives back to Redis what this instance remembers, and makes sure that Redis can be used.
   *
   * @throws Error where it cannot
   */
  async restore(): Promise<void> {
    try {
      await this.#redis.verify();
      await this.counters.reservations.restore();
      await this.leases.restore();
    } catch (error) {
      // A server that takes no writes gets its reservations back once it does, and makes none before.
      if (isWriteRefusal(error)) return;
      this.#redis.explain(error);
      throw error;
    }
  }

  health(): StoreHealth {
    return this.#redis.health();
  }

  close(): Promise<void> {
    return this.#redis.close();
  }
}
