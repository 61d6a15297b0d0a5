import type { Database } from 'lmdb';
import type { Claimed } from './store.js';

export interface Lease {
  readonly holder: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** What leases need of the store that they lie in. */
export interface LeaseParts {
  /** Has what is read next be the newest. */
  refresh(): void;
  written<T>(write: () => Promise<T>): Promise<T>;
  transaction<T>(work: () => T): Promise<T>;
}

/** A lease that runs on for so many milliseconds is still held when giving it back is written. */
const SURELY_HELD = 3000;

/** Leases in LMDB, for the processes of one host. Most are taken and given back without a transaction on this thread. */
export class Leases {
  /** Those of this process, as it last wrote them. */
  readonly #held = new Map<string, Lease>();

  constructor(
    private readonly records: Database<Lease, string>,
    private readonly parts: LeaseParts,
  ) {}

  /** Takes a lease, or renews one's own, for `span` milliseconds. Resolves with whoever holds it now. */
  async lease(key: string, holder: string, span: number): Promise<string> {
    this.parts.refresh();
    // LMDB runs transactions after all that is written without one: given back meanwhile, it must wait its turn behind this.
    if (this.#held.get(key)?.holder === holder) this.#held.delete(key);
    return this.#otherHolder(key, holder) ?? this.parts.transaction(() => this.#take(key, holder, span));
  }

  /** Takes a lease where `find` finds nothing, with nothing in between. */
  async claim(
    key: string,
    holder: string,
    span: number,
    find: () => readonly (Uint8Array | undefined)[],
  ): Promise<Claimed> {
    this.parts.refresh();
    const there = find();
    if (there.some(isThere)) return { entries: there };
    const other = this.#otherHolder(key, holder);
    if (other !== undefined) return { holder: other };
    const mine = (await this.#takeFirst(key, holder, span))
      ? holder
      : await this.parts.transaction(() => this.#take(key, holder, span));
    if (mine !== holder) return { holder: mine };
    // Whoever held it before has written what it brought before it gave the lease back.
    this.parts.refresh();
    const brought = find();
    if (!brought.some(isThere)) return { holder };
    // A lease that cannot be given back runs out by itself: what was found is not to be bought for that.
    await this.release(key, holder).catch(() => undefined);
    return { entries: brought };
  }

  /** Gives a lease back, if it is still the holder's. */
  async release(key: string, holder: string): Promise<void> {
    const held = this.#held.get(key);
    const surely = held?.holder === holder && held.until > Date.now() + SURELY_HELD;
    if (held?.holder === holder) this.#held.delete(key);
    if (surely) {
      await this.parts.written(() => this.records.remove(key));
      return;
    }
    await this.parts.transaction(() => {
      if (this.records.get(key)?.holder === holder) this.records.remove(key);
    });
  }

  /** Who holds a lease, if it is another. */
  #otherHolder(key: string, holder: string): string | undefined {
    const lease = this.records.get(key);
    return lease && lease.holder !== holder && lease.until > Date.now() ? lease.holder : undefined;
  }

  /** To be called in a transaction. Gives whoever holds the lease then. */
  #take(key: string, holder: string, span: number): string {
    const other = this.#otherHolder(key, holder);
    if (other !== undefined) return other;
    const lease = { holder, until: Date.now() + span };
    this.records.put(key, lease);
    this.#held.set(key, lease);
    return holder;
  }

  /** Takes a lease that nobody has had, or that was given back. */
  async #takeFirst(key: string, holder: string, span: number): Promise<boolean> {
    const lease = { holder, until: Date.now() + span };
    const taken = await this.parts.written(() =>
      this.records.ifNoExists(key, () => {
        this.records.put(key, lease);
      }),
    );
    if (taken) this.#held.set(key, lease);
    return taken;
  }
}

function isThere(bytes: Uint8Array | undefined): boolean {
  return bytes !== undefined;
}
