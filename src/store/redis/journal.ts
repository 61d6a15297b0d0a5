import type { Journal, Label, Row, StoreHealth } from '../journal.js';
import type { RedisConnection } from './connection.js';
import { counterGroup } from './counters.js';
import { LABEL_ROWS, REMOVE_ROWS, REMOVE_UNCHANGED_ROWS, WRITE_ROWS } from './scripts/row-scripts.js';

const BATCH = 500;
/** The keys that the scripts get before the groups of counters. */
const KEYS = ['journal', 'rows', 'labels'];

/** The journal in Redis: a sorted set of keys, a hash of rows, and a hash of the fields of their labels. */
export class RedisJournal implements Journal {
  constructor(private readonly redis: RedisConnection) {}

  append(row: Row): Promise<void> {
    return this.write([row]);
  }

  settle(row: Row): Promise<void> {
    return this.write([row]);
  }

  remove(row: Pick<Row, 'key' | 'label'>): Promise<void> {
    return this.write([{ ...row, bytes: Buffer.alloc(0) }]);
  }

  health(): StoreHealth {
    return this.redis.health();
  }

  /** Writes rows in one step; a row without bytes is removed. */
  write(rows: readonly Row[]): Promise<void> {
    return this.#run(WRITE_ROWS, rows);
  }

  async *rows(from: string, to: string): AsyncIterable<Row> {
    for await (const batch of this.#batches(from, to)) yield* batch;
  }

  async label(from: string, to: string, labelOf: (row: Row) => Label | undefined): Promise<void> {
    const { client } = this.redis;
    for await (const batch of this.#batches(from, to)) {
      if (batch.length === 0) continue;
      const keys = batch.map(({ key }) => key);
      const labels = await this.redis.completed(client.hmget(this.redis.key('labels'), ...keys));
      const labelled = batch.flatMap((row, index) => {
        const label = labels[index] === null ? labelOf(row) : undefined;
        return label ? [{ key: row.key, bytes: Buffer.alloc(0), label }] : [];
      });
      if (labelled.length > 0) await this.#run(LABEL_ROWS, labelled);
    }
  }

  async prune(below: string): Promise<void> {
    for (;;) {
      const keys = await this.#keys('-', `(${below}`);
      if (keys.length === 0) return;
      const parts = KEYS.map((name) => this.redis.key(name));
      await this.redis.completed(this.redis.client.eval(REMOVE_ROWS, parts.length, ...parts, ...keys));
    }
  }

  /** Removes rows that are still as given. Their counters stay until they expire. */
  async removeUnchanged(rows: readonly Row[]): Promise<void> {
    const keys = KEYS.map((name) => this.redis.key(name));
    const args = rows.flatMap(({ key, bytes }) => [key, Buffer.from(bytes)]);
    if (rows.length === 0) return;
    await this.redis.completed(this.redis.client.eval(REMOVE_UNCHANGED_ROWS, keys.length, ...keys, ...args));
  }

  async #run(script: string, rows: readonly Row[]): Promise<void> {
    const groups = [...new Set(rows.flatMap(({ label }) => (label ? [label.group] : [])))];
    const keys = [
      ...KEYS.map((name) => this.redis.key(name)),
      ...groups.map((group) => this.#groupKey(group)),
    ];
    const args = rows.flatMap(({ key, bytes, label }) => [
      key,
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length),
      label ? KEYS.length + groups.indexOf(label.group) + 1 : 0,
      label?.field ?? '',
      Math.ceil(label?.until ?? 0),
    ]);
    await this.redis.completed(this.redis.client.eval(script, keys.length, ...keys, ...args));
  }

  #groupKey(group: string): string {
    return this.redis.key(counterGroup(group));
  }

  /** The rows of a range in batches. A row that is removed meanwhile is left out. */
  async *#batches(from: string, to: string): AsyncIterable<readonly Row[]> {
    for (let start = `[${from}`; ; ) {
      const keys = await this.#keys(start, `(${to}`);
      const values = keys.length
        ? await this.redis.completed(this.redis.client.hmgetBuffer(this.redis.key('rows'), ...keys))
        : [];
      yield keys.flatMap((key, index) => {
        const bytes = values[index];
        return bytes ? [{ key, bytes }] : [];
      });
      if (keys.length < BATCH) return;
      start = `(${keys.at(-1)}`;
    }
  }

  #keys(start: string, end: string): Promise<string[]> {
    const { client } = this.redis;
    return this.redis.completed(client.zrangebylex(this.redis.key('journal'), start, end, 'LIMIT', 0, BATCH));
  }
}
