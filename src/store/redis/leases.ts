import { LeaseWatch, type WatchedLease } from '../lease-watch.js';
import { isAlive, PROCESS_IDENTITY } from '../process-identity.js';
import { type Claim, type LeaseStore, MAX_LEASE, StoreUnavailable } from '../store.js';
import type { RedisConnection } from './connection.js';
import { CLAIM, LEASE, RELEASE } from './lease-scripts.js';

/** Leases in Redis, for the processes of all hosts. */
export class RedisLeases implements LeaseStore {
  readonly #watch = new LeaseWatch((leases) => this.#ended(leases));

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

  watch(key: string, holder: string, onEnd: () => void): () => void {
    return this.#watch.watch({ key: this.#key(key), holder }, onEnd);
  }

  async #ended(watched: readonly WatchedLease[]): Promise<boolean[]> {
    const { client } = this.redis;
    const keys = watched.map(({ key }) => key);
    const [leases, [seconds]] = await this.redis.completed(Promise.all([client.mget(keys), client.time()]));
    return watched.map(({ holder }, index) => {
      const [owner, process = '', until] = (leases[index] ?? '').split('\n');
      return owner !== holder || !isHeld(process, Number(until), Number(seconds) * 1000);
    });
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
    const now = Number(String(second));
    if (owner === holder || lease === replaceable || isHeld(process, Number(until), now))
      return { holder: owner };
    return this.#run(script, keys, holder, duration, lease);
  }

  #key(name: string): string {
    return this.redis.key(`lease ${name}`);
  }
}

/** @param now by the clock of Redis, as `until`, in milliseconds since 1970 */
function isHeld(process: string, until: number, now: number): boolean {
  return isAlive(process) ?? until > now;
}
