import { isAlive, PROCESS_IDENTITY } from '../process-identity.js';
import { type Claim, type LeaseStore, MAX_LEASE, StoreUnavailable } from '../store.js';
import type { RedisConnection } from './connection.js';
import { CLAIM, LEASE, RELEASE } from './lease-scripts.js';

/** Leases in Redis, for the processes of all hosts. */
export class RedisLeases implements LeaseStore {
  constructor(private readonly redis: RedisConnection) {}

  async take(key: string, holder: string, duration: number): Promise<string> {
    const claim = await this.#run(LEASE, [this.#key(key)], holder, duration);
    if (!('holder' in claim)) throw new StoreUnavailable('Redis sent entries in place of a lease');
    return claim.holder;
  }

  claim(key: string, holder: string, duration: number, entries: readonly string[]): Promise<Claim> {
    const keys = [this.#key(key), ...entries.map((entry) => this.redis.key(entry))];
    return this.#run(CLAIM, keys, holder, duration);
  }

  async release(key: string, holder: string): Promise<void> {
    await this.redis.completed(this.redis.client.eval(RELEASE, 1, this.#key(key), holder));
  }

  /** @param replaceable a lease of another holder that has ended */
  async #run(
    script: string,
    keys: readonly string[],
    holder: string,
    duration: number,
    replaceable = '',
  ): Promise<Claim> {
    const args = [holder, PROCESS_IDENTITY, Math.ceil(duration), MAX_LEASE, replaceable];
    const reply = await this.redis.completed(
      this.redis.client.evalBuffer(script, keys.length, ...keys, ...args),
    );
    const [first, second] = Array.isArray(reply) ? reply : [];
    if (Array.isArray(second)) {
      return { entries: second.map((entry) => (Buffer.isBuffer(entry) ? entry : undefined)) };
    }
    const lease = String(first);
    const [owner = '', process = '', until = '0'] = lease.split('\n');
    const isHeld = owner === holder || (isAlive(process) ?? Number(until) > Number(String(second)));
    if (isHeld || lease === replaceable) return { holder: owner };
    return this.#run(script, keys, holder, duration, lease);
  }

  #key(name: string): string {
    return this.redis.key(`lease ${name}`);
  }
}
