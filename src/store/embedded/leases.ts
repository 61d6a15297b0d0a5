import type { Database } from 'lmdb';
import type { Claim, LeaseStore } from '../store.js';
import type { EmbeddedEntries } from './entries.js';
import { END, type LmdbEnvironment } from './environment.js';

interface Lease {
  readonly holder: string;
  /** When it expires, in milliseconds since 1970. */
  readonly until: number;
}

/** A lease that is valid for at least this long, in milliseconds, is still held once its release is written. */
const SAFE_MARGIN = 3000;

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
    return lease && lease.holder !== holder && lease.until > Date.now() ? lease.holder : undefined;
  }

  /** Call it in a transaction. Returns the holder. */
  #take(key: string, holder: string, duration: number): string {
    const other = this.#otherHolder(key, holder);
    if (other !== undefined) return other;
    const lease = { holder, until: Date.now() + duration };
    this.#records.put(key, lease);
    this.#own.set(key, lease);
    return holder;
  }

  /** Takes a lease that has no record. */
  async #takeNew(key: string, holder: string, duration: number): Promise<boolean> {
    const lease = { holder, until: Date.now() + duration };
    const isTaken = await this.environment.write(() =>
      this.#records.ifNoExists(key, () => {
        this.#records.put(key, lease);
      }),
    );
    if (isTaken) this.#own.set(key, lease);
    return isTaken;
  }
}

function exists(bytes: Uint8Array | undefined): boolean {
  return bytes !== undefined;
}
