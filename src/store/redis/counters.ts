import type { CounterStore, Counts, Limit, Shortage } from '../store.js';
import type { RedisConnection } from './connection.js';
import { type CounterMemory, RedisReservations } from './reservations.js';
import { ADD } from './scripts/row-scripts.js';

/** The name under which Redis has a group. */
export function counterGroup(group: string): string {
  return `counters ${group}`;
}

/** Counters in Redis: those that are added to, a hash for each group, and reservations. */
export class RedisCounters implements CounterStore {
  readonly reservations: RedisReservations;

  constructor(
    private readonly redis: RedisConnection,
    memory: CounterMemory | undefined,
  ) {
    this.reservations = new RedisReservations(redis, memory);
  }

  reserve(group: string, limits: readonly Limit[], wanted: number, until: number): Promise<Shortage | null> {
    return this.reservations.reserve(group, limits, wanted, until);
  }

  refund(group: string, fields: readonly string[]): Promise<void> {
    return this.reservations.refund(group, fields);
  }

  reserved(group: string, fields: readonly string[]): Promise<Counts> {
    return this.reservations.reserved(group, fields);
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

  #key(group: string): string {
    return this.redis.key(counterGroup(group));
  }
}
