import type { Journal, Row } from '../journal.js';
import type { Claim, Counts, Limit, ReportFault, Shortage, Store, StoreHealth } from '../store.js';
import { RedisConnection } from './connection.js';
import { RedisCounters } from './redis-counters.js';
import { RedisJournal } from './redis-journal.js';
import { CLAIM, DROP, LEASE } from './scripts.js';

/** The store that all instances share: Redis 6 or later, or Valkey. */
export class RedisStore implements Store, Journal {
  readonly #redis: RedisConnection;
  readonly #counters: RedisCounters;
  readonly #journal: RedisJournal;

  /**
   * @param namespace stands before every key
   * @param onChange called when commands can be sent, and when they no longer can
   */
  constructor(url: string, namespace: string, report: ReportFault, onChange: () => void) {
    this.#redis = new RedisConnection(url, namespace, report, onChange);
    this.#counters = new RedisCounters(this.#redis);
    this.#journal = new RedisJournal(this.#redis);
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    return (await this.#completed(this.#client.getBuffer(this.#key(key)))) ?? undefined;
  }

  async put(key: string, bytes: Uint8Array, until: number): Promise<void> {
    const ttl = Math.max(1, Math.ceil(until - Date.now()));
    await this.#completed(this.#client.set(this.#key(key), Buffer.from(bytes), 'PX', ttl));
  }

  async drop(key: string, bytes: Uint8Array): Promise<void> {
    await this.#completed(this.#client.eval(DROP, 1, this.#key(key), Buffer.from(bytes)));
  }

  async lease(key: string, holder: string, duration: number): Promise<string> {
    const lease = this.#key(`lease ${key}`);
    return String(await this.#completed(this.#client.eval(LEASE, 1, lease, holder, Math.ceil(duration))));
  }

  async claim(key: string, holder: string, duration: number, entries: readonly string[]): Promise<Claim> {
    const keys = [`lease ${key}`, ...entries].map((name) => this.#key(name));
    const reply = await this.#completed(
      this.#client.evalBuffer(CLAIM, keys.length, ...keys, holder, Math.ceil(duration)),
    );
    if (!Array.isArray(reply)) return { holder: String(reply) };
    return { entries: entries.map((_, index) => (Buffer.isBuffer(reply[index]) ? reply[index] : undefined)) };
  }

  async release(key: string, holder: string): Promise<void> {
    await this.#completed(this.#client.eval(DROP, 1, this.#key(`lease ${key}`), holder));
  }

  reserve(group: string, limits: readonly Limit[], wanted: number, until: number): Promise<Shortage | null> {
    return this.#counters.reserve(group, limits, wanted, until);
  }

  refund(group: string, fields: readonly string[]): Promise<void> {
    return this.#counters.refund(group, fields);
  }

  add(group: string, counts: Counts, until: number): Promise<Counts> {
    return this.#counters.add(group, counts, until);
  }

  counts(group: string): Promise<Counts> {
    return this.#counters.counts(group);
  }

  /** Restores the counters that this instance saw, where the server has lost them. */
  restore(): Promise<void> {
    return this.#counters.restore();
  }

  append(row: Row): Promise<void> {
    return this.#journal.append(row);
  }

  appendAll(rows: readonly Row[]): Promise<void> {
    return this.#journal.appendAll(rows);
  }

  rows(from: string, to: string): AsyncIterable<Row> {
    return this.#journal.rows(from, to);
  }

  prune(below: string): Promise<void> {
    return this.#journal.prune(below);
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

  get #client() {
    return this.#redis.client;
  }

  #key(name: string): string {
    return this.#redis.key(name);
  }

  #completed<T>(command: Promise<T>): Promise<T> {
    return this.#redis.completed(command);
  }
}
