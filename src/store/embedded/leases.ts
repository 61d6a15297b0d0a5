import type { Database } from 'lmdb';
import { LeaseWatch, type WatchedLease } from '../lease-watch.js';
import { isAlive, monotonicNow, PROCESS_IDENTITY } from '../process-identity.js';
import { type Claim, type LeaseStore, MAX_LEASE } from '../store.js';
import type { EmbeddedEntries } from './entries/entries.js';
import { END, type LmdbEnvironment } from './environment.js';

interface Lease {
  readonly holder: string;
  /** When it expires, in milliseconds since 1970, where its process cannot be looked up. */
  readonly until: number;
  /** The holder's process (`PROCESS_IDENTITY`). */
  readonly process: string;
  /** When it was first taken, in milliseconds since boot. */
  readonly began: number;
}

/** Whether a lease is still held: as long as its process is alive, even if it is stopped, and no longer than the maximum. */
function isHeld({ until, process, began }: Lease, alive = isAlive(process)): boolean {
  if (alive !== undefined) return alive && monotonicNow() - began < MAX_LEASE;
  const left = until - Date.now();
  // A lease beyond the maximum was written by a process whose clock was ahead.
  return left > 0 && left <= MAX_LEASE;
}

/** The holder of a lease, if it is another than `holder`. */
function otherHolderOf(lease: Lease | undefined, holder: string): string | undefined {
  return lease && lease.holder !== holder && isHeld(lease) ? lease.holder : undefined;
}

/** Leases for the processes of one host. */
export class EmbeddedLeases implements LeaseStore {
  readonly #records: Database<Lease, string>;
  readonly #watch = new LeaseWatch(async (leases) => this.#ended(leases));

  /** @param prefix of every key */
  constructor(
    private readonly environment: LmdbEnvironment,
    private readonly prefix: string,
    private readonly entries: EmbeddedEntries,
  ) {
    this.#records = environment.database('leases');
  }

  async take(name: string, holder: string, duration: number): Promise<string> {
    const key = this.prefix + name;
    this.environment.refresh();
    return (
      this.#otherHolder(key, holder) ?? this.environment.transaction(() => this.#take(key, holder, duration))
    );
  }

  async claim(name: string, holder: string, duration: number, entries: readonly string[]): Promise<Claim> {
    const key = this.prefix + name;
    // Most claims that need no lease end here, without a transaction.
    this.environment.refresh();
    const found = this.#find(entries);
    if (found) return { entries: found };
    const other = this.#otherHolder(key, holder);
    if (other !== undefined) return { holder: other };
    return this.environment.transaction(() => {
      const written = this.#find(entries);
      return written ? { entries: written } : { holder: this.#take(key, holder, duration) };
    });
  }

  async release(name: string, holder: string): Promise<void> {
    const key = this.prefix + name;
    await this.environment.transaction(() => {
      if (this.#records.get(key)?.holder === holder) this.#records.remove(key);
    });
  }

  watch(key: string, holder: string, onEnd: () => void): () => void {
    return this.#watch.watch({ key: this.prefix + key, holder }, onEnd);
  }

  /** Removes leases without a holder, in every namespace. A suspended process keeps its leases past their time. */
  sweep(now: number): Promise<void> {
    return this.environment.remove(
      this.#records,
      { start: '', end: END },
      (lease) => lease.until <= now && !isHeld(lease),
    );
  }

  /** Looks up each process once, which costs more than reading a lease. */
  #ended(watched: readonly WatchedLease[]): boolean[] {
    const alive = new Map<string, boolean | undefined>();
    this.environment.refresh();
    return watched.map(({ key, holder }) => {
      const lease = this.#records.get(key);
      if (lease?.holder !== holder) return true;
      if (!alive.has(lease.process)) alive.set(lease.process, isAlive(lease.process));
      return !isHeld(lease, alive.get(lease.process));
    });
  }

  /** The entries, if any of them exists. */
  #find(entries: readonly string[]): readonly (Uint8Array | undefined)[] | undefined {
    const found = entries.map((entry) => this.entries.peek(entry));
    return found.some((bytes) => bytes !== undefined) ? found : undefined;
  }

  /** The holder of a lease, if it is another. */
  #otherHolder(key: string, holder: string): string | undefined {
    return otherHolderOf(this.#records.get(key), holder);
  }

  /** Call it in a transaction. Returns the holder. */
  #take(key: string, holder: string, duration: number): string {
    const known = this.#records.get(key);
    const other = otherHolderOf(known, holder);
    if (other !== undefined) return other;
    const began = known?.holder === holder ? known.began : monotonicNow();
    this.#records.put(key, { holder, until: Date.now() + duration, process: PROCESS_IDENTITY, began });
    return holder;
  }
}
