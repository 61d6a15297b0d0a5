import type { Database } from 'lmdb';
import { isAlive, monotonicNow, PROCESS_IDENTITY } from '../process-identity.js';
import { type Claim, type LeaseStore, MAX_LEASE } from '../store.js';
import type { EmbeddedEntries } from './entries.js';
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

/** A lease that is valid for at least this long, in milliseconds, is still held once its release is written. */
const SAFE_MARGIN = 3000;

/** Whether a lease is still held: as long as its process is alive, even if it is stopped, and no longer than the maximum. */
function isHeld({ until, process, began }: Lease): boolean {
  const alive = isAlive(process);
  if (alive !== undefined) return alive && monotonicNow() - began < MAX_LEASE;
  const left = until - Date.now();
  // A lease beyond the maximum was written by a process whose clock was ahead.
  return left > 0 && left <= MAX_LEASE;
}

/** Leases for the processes of one host. Most are taken and released without a transaction on the main thread. */
export class EmbeddedLeases implements LeaseStore {
  readonly #records: Database<Lease, string>;
  /** This process' leases, as last written. */
  readonly #own = new Map<string, Lease>();

  /** @param prefix stands before every key */
  constructor(
    private readonly environment: LmdbEnvironment,
    private readonly prefix: string,
    private readonly entries: EmbeddedEntries,
  ) {
    this.#records = environment.database('leases', 'json');
  }

  async take(name: string, holder: string, duration: number): Promise<string> {
    const key = this.prefix + name;
    this.environment.refresh();
    // LMDB runs transactions after plain writes. A release during this renewal must therefore use a transaction too.
    if (this.#own.get(key)?.holder === holder) this.#own.delete(key);
    return (
      this.#otherHolder(key, holder) ?? this.environment.transaction(() => this.#take(key, holder, duration))
    );
  }

  async claim(name: string, holder: string, duration: number, entries: readonly string[]): Promise<Claim> {
    const key = this.prefix + name;
    const find = () => entries.map((entry) => this.entries.peek(entry));
    this.environment.refresh();
    const found = find();
    if (found.some(exists)) return { entries: found };
    const other = this.#otherHolder(key, holder);
    if (other !== undefined) return { holder: other };
    const newHolder = (await this.#takeNew(key, holder, duration))
      ? holder
      : await this.environment.transaction(() => this.#take(key, holder, duration));
    if (newHolder !== holder) return { holder: newHolder };
    // A previous holder wrote its answer before it released the lease.
    this.environment.refresh();
    const written = find();
    if (!written.some(exists)) return { holder };
    // A lease that cannot be released expires; what was found must be served all the same.
    await this.release(name, holder).catch(() => undefined);
    return { entries: written };
  }

  async release(name: string, holder: string): Promise<void> {
    const key = this.prefix + name;
    const own = this.#own.get(key);
    const isSafe = own?.holder === holder && own.until > Date.now() + SAFE_MARGIN;
    if (own?.holder === holder) this.#own.delete(key);
    if (isSafe) {
      await this.environment.write(() => this.#records.remove(key));
      return;
    }
    await this.environment.transaction(() => {
      if (this.#records.get(key)?.holder === holder) this.#records.remove(key);
    });
  }

  /** Removes what has expired by `now`, in every namespace. */
  sweep(now: number): Promise<void> {
    return this.environment.removeWhere(this.#records, { start: '', end: END }, ({ until }) => until <= now);
  }

  /** The holder of a lease, if it is another. */
  #otherHolder(key: string, holder: string): string | undefined {
    const lease = this.#records.get(key);
    return lease && lease.holder !== holder && isHeld(lease) ? lease.holder : undefined;
  }

  /** Call it in a transaction. Returns the holder. */
  #take(key: string, holder: string, duration: number): string {
    const other = this.#otherHolder(key, holder);
    if (other !== undefined) return other;
    const known = this.#records.get(key);
    const lease = newLease(holder, duration, known?.holder === holder ? known.began : monotonicNow());
    this.#records.put(key, lease);
    this.#own.set(key, lease);
    return holder;
  }

  /** Takes a lease that has no record. */
  async #takeNew(key: string, holder: string, duration: number): Promise<boolean> {
    const lease = newLease(holder, duration, monotonicNow());
    const isTaken = await this.environment.write(() =>
      this.#records.ifNoExists(key, () => {
        this.#records.put(key, lease);
      }),
    );
    if (isTaken) this.#own.set(key, lease);
    return isTaken;
  }
}

function newLease(holder: string, duration: number, began: number): Lease {
  return { holder, until: Date.now() + duration, process: PROCESS_IDENTITY, began };
}

function exists(bytes: Uint8Array | undefined): boolean {
  return bytes !== undefined;
}
