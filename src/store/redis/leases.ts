import { LeaseWatch, type WatchedLease } from '../lease-watch.js';
import { isAlive, PROCESS_IDENTITY } from '../process-identity.js';
import { type Claim, type LeaseStore, MAX_LEASE, StoreUnavailable } from '../store.js';
import type { RedisConnection } from './connection.js';
import { CLAIM, LEASE, READ_LEASES, RELEASE } from './scripts/lease-scripts.js';

/** Leases in Redis, for the processes of all hosts. */
export class RedisLeases implements LeaseStore {
  readonly #watch = new LeaseWatch((leases) => this.#ended(leases));
  /** The leases of this process, by their names. */
  readonly #held = new Map<string, HeldLease>();

  constructor(private readonly redis: RedisConnection) {}

  async take(key: string, holder: string, duration: number): Promise<string> {
    const claim = await this.#run(LEASE, [this.#key(key)], holder, duration);
    if (!('holder' in claim)) throw new StoreUnavailable('Redis sent entries in place of a lease');
    this.#note(key, holder, duration, claim);
    return claim.holder;
  }

  async claim(key: string, holder: string, duration: number, entries: readonly string[]): Promise<Claim> {
    const keys = [this.#key(key), ...entries.map((entry) => this.redis.key(entry))];
    const claim = await this.#run(CLAIM, keys, holder, duration);
    this.#note(key, holder, duration, claim);
    return claim;
  }

  /** Takes the leases of this process again, where the server has lost them. */
  async restore(): Promise<void> {
    const now = performance.now();
    for (const [key, { holder, duration, until }] of this.#held) {
      if (until > now) await this.take(key, holder, duration);
      else this.#held.delete(key);
    }
  }

  async release(key: string, holder: string): Promise<void> {
    if (this.#held.get(key)?.holder === holder) this.#held.delete(key);
    await this.redis.completed(this.redis.client.eval(RELEASE, 1, this.#key(key), holder));
  }

  watch(key: string, holder: string, onEnd: () => void): () => void {
    return this.#watch.watch({ key: this.#key(key), holder }, onEnd);
  }

  async #ended(watched: readonly WatchedLease[]): Promise<boolean[]> {
    const keys = watched.map(({ key }) => key);
    const reply = await this.redis.completed(this.redis.client.eval(READ_LEASES, keys.length, ...keys));
    const [now, ...leases] = Array.isArray(reply) ? reply : [];
    return watched.map(({ holder }, index) => {
      const lease = readLease(String(leases[index] ?? ''));
      return lease.holder !== holder || !isHeld(lease, Number(now));
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
    const text = String(first);
    const lease = readLease(text);
    const isTaken = lease.holder === holder || isHeld(lease, Number(String(second)));
    if (isTaken || text === replaceable) return { holder: lease.holder };
    return this.#run(script, keys, holder, duration, text);
  }

  #note(key: string, holder: string, duration: number, claim: Claim): void {
    if (!('holder' in claim) || claim.holder !== holder || this.#held.get(key)?.holder === holder) return;
    this.#held.set(key, { holder, duration, until: performance.now() + MAX_LEASE });
  }

  #key(name: string): string {
    return this.redis.key(`lease ${name}`);
  }
}

/** A lease of this process. */
interface HeldLease {
  readonly holder: string;
  readonly duration: number;
  /** When it ends at the latest, in milliseconds of `performance.now()`. */
  readonly until: number;
}

interface Lease {
  readonly holder: string;
  /** The holder's process (`PROCESS_IDENTITY`). */
  readonly process: string;
  /** When it ends where its process cannot be looked up: by the clock of Redis, in milliseconds since 1970. */
  readonly until: number;
}

/** Reads a lease as the scripts write it. */
function readLease(text: string): Lease {
  const [holder = '', process = '', until = '0'] = text.split('\n');
  return { holder, process, until: Number(until) };
}

/** @param now by the clock of Redis, in milliseconds since 1970 */
function isHeld({ process, until }: Lease, now: number): boolean {
  return isAlive(process) ?? until > now;
}
