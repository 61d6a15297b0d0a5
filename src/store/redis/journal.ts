import type { Journal, Row } from '../journal.js';
import { StoreUnavailable } from '../store.js';
import type { RedisConnection } from './connection.js';

const BATCH = 500;

/** The journal in Redis: a sorted set of keys, and a hash of rows. */
export class RedisJournal implements Journal {
  constructor(private readonly redis: RedisConnection) {}

  append(row: Row): Promise<void> {
    return this.appendAll([row]);
  }

  async appendAll(rows: readonly Row[]): Promise<void> {
    const { client } = this.redis;
    const transaction = client.multi();
    for (const { key, bytes } of rows) {
      transaction.zadd(this.redis.key('journal'), 0, key);
      transaction.hset(this.redis.key('rows'), key, Buffer.from(bytes));
    }
    const results = await this.redis.completed(transaction.exec());
    const failed = results?.find(([error]) => error !== null);
    if (results === null || failed) throw failed?.[0] ?? new StoreUnavailable('Redis did not store the row');
  }

  async *rows(from: string, to: string): AsyncIterable<Row> {
    for (let start = `[${from}`; ; ) {
      const keys = await this.#keys(start, `(${to}`);
      const rows = keys.length
        ? await this.redis.completed(this.redis.client.hmgetBuffer(this.redis.key('rows'), ...keys))
        : [];
      for (const [index, key] of keys.entries()) {
        const bytes = rows[index];
        if (bytes) yield { key, bytes };
      }
      if (keys.length < BATCH) return;
      start = `(${keys.at(-1)}`;
    }
  }

  async prune(below: string): Promise<void> {
    for (;;) {
      const keys = await this.#keys('-', `(${below}`);
      if (keys.length === 0) return;
      const transaction = this.redis.client.multi();
      transaction.zrem(this.redis.key('journal'), ...keys);
      transaction.hdel(this.redis.key('rows'), ...keys);
      await this.redis.completed(transaction.exec());
    }
  }

  #keys(start: string, end: string): Promise<string[]> {
    const { client } = this.redis;
    return this.redis.completed(client.zrangebylex(this.redis.key('journal'), start, end, 'LIMIT', 0, BATCH));
  }
}
