import type { ReportFault, Store, StoreHealth } from '../store.js';
import { RedisConnection } from './connection.js';
import { RedisCounters } from './counters.js';
import { RedisEntries } from './entries.js';
import { RedisJournal } from './journal.js';
import { RedisLeases } from './leases.js';

/** The store that all instances share: Redis 6 or later, or Valkey. */
export class RedisStore implements Store {
  readonly entries: RedisEntries;
  readonly leases: RedisLeases;
  readonly counters: RedisCounters;
  readonly journal: RedisJournal;
  readonly #redis: RedisConnection;

  /**
   * @param namespace stands before every key
   * @param onChange called when commands can be sent, and when they no longer can
   */
  constructor(url: string, namespace: string, report: ReportFault, onChange: () => void) {
    const redis = new RedisConnection(url, namespace, report, onChange);
    this.#redis = redis;
    this.entries = new RedisEntries(redis);
    this.leases = new RedisLeases(redis);
    this.counters = new RedisCounters(redis);
    this.journal = new RedisJournal(redis);
  }

  ping(): Promise<void> {
    return this.#redis.ping();
  }

  health(): StoreHealth {
    return this.#redis.health();
  }

  close(): Promise<void> {
    return this.#redis.close();
  }
}
