import { GatewayError } from '../errors.js';
import type { Journal, StoreHealth } from './journal.js';

/** One counter of a group, and its limit. */
export interface Limit {
  readonly field: string;
  readonly limit: number;
}

/** The first counter without room for more, its value, and how much was granted. */
export interface Shortage {
  readonly field: string;
  readonly used: number;
  readonly granted: number;
}

/** The outcome of a claim: the entries, in the order asked for, if any exists; else who holds the lease now. */
export type Claim = { readonly entries: readonly (Uint8Array | undefined)[] } | { readonly holder: string };

export type { StoreHealth };

/** Counters of a group, by name. A client may have any name, `__proto__` included, so this is no plain object. */
export type Counts = ReadonlyMap<string, number>;

/** Entries that expire. */
export interface EntryStore {
  /** The bytes of an entry; undefined where there is none or it has expired. */
  get(key: string): Promise<Uint8Array | undefined>;
  /**
   * @param until when it expires
   * @param receivedAt when what it holds was received; default: now. A store with a limit drops earlier ones first
   */
  put(key: string, bytes: Uint8Array, until: number, receivedAt?: number): Promise<void>;
  /** Removes an entry if it still holds these bytes. */
  drop(key: string, bytes: Uint8Array): Promise<void>;
}

/** A lease ends at the latest this many milliseconds after it was taken. */
export const MAX_LEASE = 5 * 60_000;

/**
 * Leases: the holder makes the call that the others wait for. On one host a lease ends with its process; elsewhere it ends
 * after `duration`, by the clock of the store.
 */
export interface LeaseStore {
  /** Takes a lease, or renews one's own. Resolves with its holder. */
  take(key: string, holder: string, duration: number): Promise<string>;
  /** Reads entries and, if none of them exists, takes a lease, in one atomic step. */
  claim(key: string, holder: string, duration: number, entries: readonly string[]): Promise<Claim>;
  /** Releases a lease if it is still the holder's. */
  release(key: string, holder: string): Promise<void>;
  /**
   * Calls a function once, soon after a holder no longer has a lease or the store fails, and not before this returns.
   * Returns a function that ends the watch.
   */
  watch(key: string, holder: string, onEnd: () => void): () => void;
}

/** Groups of counters. */
export interface CounterStore {
  /** Adds `wanted` to each counter of a group, or as much as all limits allow. Resolves with null where all of it fits. */
  reserve(group: string, limits: readonly Limit[], wanted: number, until: number): Promise<Shortage | null>;
  /** Takes one reservation back from each counter. */
  refund(group: string, fields: readonly string[]): Promise<void>;
  /** What is reserved in counters of a group. */
  reserved(group: string, fields: readonly string[]): Promise<Counts>;
  /** Adds to counters of a group. Resolves with their new values. */
  add(group: string, counts: Counts, until: number): Promise<Counts>;
  /** The values of counters of a group; 0 where a counter does not exist. */
  read(group: string, fields: readonly string[]): Promise<Counts>;
  /** The values of all counters of a group, by name. */
  readAll(group: string): Promise<Counts>;
}

/**
 * Hot state and the ledger's journal. When a method resolves, every process and instance that shares the store sees its
 * writes. Times are milliseconds since 1970, durations are milliseconds.
 *
 * Every method may reject where the store cannot be reached; nothing then needs to be undone.
 */
export interface Store {
  readonly entries: EntryStore;
  readonly leases: LeaseStore;
  readonly counters: CounterStore;
  readonly journal: Journal;
  /** Whether the store can be reached. */
  health(): StoreHealth;
  close(): Promise<void>;
}

/** Called with faults that the gateway survived. */
export type ReportFault = (message: string, error: unknown) => void;

/** A store that cannot be reached or written. */
export class StoreUnavailable extends GatewayError {
  constructor(message: string) {
    super('STORE_UNAVAILABLE', message, { retryable: true });
  }
}
