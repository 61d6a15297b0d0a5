import type { Claim, LeaseStore } from '../store.js';
import type { RedisConnection } from './connection.js';
import { CLAIM, DROP, LEASE } from './scripts.js';

export class RedisLeases implements LeaseStore {
  constructor(private readonly redis: RedisConnection) {}

  async take(key: string, holder: string, duration: number): Promise<string> {
    const reply = this.redis.client.eval(LEASE, 1, this.#key(key), holder, Math.ceil(duration));
    return String(await this.redis.completed(reply));
  }

  async claim(key: string, holder: string, duration: number, entries: readonly string[]): Promise<Claim> {
    const keys = [this.#key(key), ...entries.map((entry) => this.redis.key(entry))];
    const reply = await this.redis.completed(
      this.redis.client.evalBuffer(CLAIM, keys.length, ...keys, holder, Math.ceil(duration)),
    );
    if (!Array.isArray(reply)) return { holder: String(reply) };
    return { entries: entries.map((_, index) => (Buffer.isBuffer(reply[index]) ? reply[index] : undefined)) };
  }

  async release(key: string, holder: string): Promise<void> {
    await this.redis.completed(this.redis.client.eval(DROP, 1, this.#key(key), holder));
  }

  #key(name: string): string {
    return this.redis.key(`lease ${name}`);
  }
}
