import { type CounterStore, type Counts, type Limit, type Shortage, StoreUnavailable } from '../store.js';
import type { RedisConnection } from './connection.js';
import { ADD, ON_HOLD, REFUND, RESERVE } from './scripts.js';

/** The last values that this instance saw of a group's counters. */
interface LastSeen {
  readonly values: Map<string, number>;
  /** When the group expires, in milliseconds since 1970. */
  readonly until: number;
}

/** The name under which Redis has a group. */
export function counterGroup(group: string): string {
  return `counters ${group}`;
}

/** Groups are one a day and one a month: those that expire first are forgotten. */
const MAX_GROUPS_SEEN = 4;

/** Counters in Redis. Every instance remembers what it last saw, so that a server that lost them can be restored. */
export class RedisCounters implements CounterStore {
  readonly #seen = new Map<string, LastSeen>();

  constructor(private readonly redis: RedisConnection) {}

  /** @throws StoreUnavailable while a server that lost its counters is being restored */
  async reserve(
    group: string,
    limits: readonly Limit[],
    wanted: number,
    until: number,
  ): Promise<Shortage | null> {
    const { short, granted, used } = await this.#run(group, limits, until, wanted);
    if (short === ON_HOLD)
      throw new StoreUnavailable('Redis has lost its counters, which are being restored');
    const limit = limits[short];
    return limit ? { field: limit.field, used: used[short] ?? 0, granted } : null;
  }

  /** Restores the counters that this instance saw, where the server has lost them. */
  async restore(): Promise<void> {
    for (const [group, { values, until }] of this.#seen) {
      const limits = [...values.keys()].map((field) => ({ field, limit: Number.MAX_SAFE_INTEGER }));
      if (limits.length > 0) await this.#run(group, limits, until, 0);
    }
  }

  async refund(group: string, fields: readonly string[]): Promise<void> {
    const values = await this.redis.completed(this.redis.client.eval(REFUND, 1, this.#key(group), ...fields));
    const seen = this.#seen.get(group)?.values;
    for (const [index, value] of (Array.isArray(values) ? values : []).entries()) {
      const field = fields[index];
      if (field !== undefined) seen?.set(field, Number(value));
    }
  }

  async add(group: string, counts: Counts, until: number): Promise<Counts> {
    const fields = [...counts];
    const reply = await this.redis.completed(
      this.redis.client.eval(ADD, 1, this.#key(group), Math.ceil(until), ...fields.flat()),
    );
    const values = Array.isArray(reply) ? reply.map(Number) : [];
    return new Map(fields.map(([field], index) => [field, values[index] ?? 0]));
  }

  async read(group: string, fields: readonly string[]): Promise<Counts> {
    const values = await this.redis.completed(this.redis.client.hmget(this.#key(group), ...fields));
    return new Map(fields.map((field, index) => [field, Number(values[index] ?? 0)]));
  }

  async readAll(group: string): Promise<Counts> {
    const all = await this.redis.completed(this.redis.client.hgetall(this.#key(group)));
    return new Map(Object.entries(all).map(([field, count]) => [field, Number(count)]));
  }

  async #run(group: string, limits: readonly Limit[], until: number, wanted: number) {
    const seen = this.#lastSeen(group, until).values;
    const keys = [this.#key(group), this.redis.key('epoch'), this.redis.key('hold')];
    const args = limits.flatMap(({ field, limit }) => [field, limit, seen.get(field) ?? 0]);
    const reply = await this.redis.completed(
      this.redis.client.eval(RESERVE, keys.length, ...keys, Math.ceil(until), wanted, ...args),
    );
    const [short = -1, granted = 0, ...used] = Array.isArray(reply) ? reply.map(Number) : [];
    for (const [index, { field }] of limits.entries()) seen.set(field, used[index] ?? 0);
    return { short, granted, used };
  }

  #lastSeen(group: string, until: number): LastSeen {
    const known = this.#seen.get(group);
    if (known) return known;
    const [first] = [...this.#seen].sort(([, a], [, b]) => a.until - b.until);
    if (first && this.#seen.size >= MAX_GROUPS_SEEN) this.#seen.delete(first[0]);
    const seen: LastSeen = { values: new Map(), until };
    this.#seen.set(group, seen);
    return seen;
  }

  #key(group: string): string {
    return this.redis.key(counterGroup(group));
  }
}
