import type { EntryStore } from '../store.js';
import type { RedisConnection } from './connection.js';
import { DROP } from './scripts/row-scripts.js';

export class RedisEntries implements EntryStore {
  constructor(private readonly redis: RedisConnection) {}

  async get(key: string): Promise<Uint8Array | undefined> {
    const { client } = this.redis;
    return (await this.redis.completed(client.getBuffer(this.redis.key(key)))) ?? undefined;
  }

  async put(key: string, bytes: Uint8Array, until: number): Promise<void> {
    const ttl = Math.max(1, Math.ceil(until - Date.now()));
    await this.redis.completed(this.redis.client.set(this.redis.key(key), Buffer.from(bytes), 'PX', ttl));
  }

  async drop(key: string, bytes: Uint8Array): Promise<void> {
    await this.redis.completed(this.redis.client.eval(DROP, 1, this.redis.key(key), Buffer.from(bytes)));
  }
}
