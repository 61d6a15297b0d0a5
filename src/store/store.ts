import { GatewayError } from '../errors.js';

/** One of a group's counters, and what it must not pass. */
export interface Limit {
  readonly field: string;
  readonly limit: number;
}

/** The first counter that had no room for more, where it stands then, and how much of what was wanted it took. */
export interface Shortage {
  readonly field: string;
  readonly used: number;
  readonly granted: number;
}

/** What `claim` has found: entries, in the order asked for, where any is there; else whoever holds the lease now. */
export type Claimed = { readonly entries: readonly (Uint8Array | undefined)[] } | { readonly holder: string };

/** A row of the journal. Keys sort as text. */
export interface Row {
  readonly key: string;
  readonly bytes: Uint8Array;
}

export type StoreHealth = 'ok' | 'degraded';

/** Counters by name. */
export type Counts = Readonly<Record<string, number>>;

/**
 * Where things are kept: entries that expire, leases, counters, and a journal. What a method has written when it
 * resolves is seen by every process and instance that shares the store. Times are milliseconds since 1970.
 *
 * Every method may reject where the store cannot be reached; none then has to be undone.
 */
export interface Store {
  /** The bytes of an entry; undefined where there is none, or its time is over. */
  get(key: string): Promise<Uint8Array | undefined>;
  put(key: string, bytes: Uint8Array, until: number): Promise<void>;
  /** Removes an entry, if it still holds these bytes. */
  drop(key: string, bytes: Uint8Array): Promise<void>;

  /** Takes a lease, or renews one's own, for `span` milliseconds. Resolves with whoever holds it now. */
  lease(key: string, holder: string, span: number): Promise<string>;
  /** Reads entries and, where there is none of them, takes a lease, with nothing in between. */
  claim(key: string, holder: string, span: number, entries: readonly string[]): Promise<Claimed>;
  /** Gives a lease back, if it is still the holder's. */
  release(key: string, holder: string): Promise<void>;

  /** Adds so much to each counter of a group, or as much as all of them have room for. Resolves with null where all fits. */
  reserve(group: string, limits: readonly Limit[], wanted: number, until: number): Promise<Shortage | null>;
  /** Takes one reservation back from each counter; of a store that cannot be reached, they stay taken. */
  refund(group: string, fields: readonly string[]): Promise<void>;
  /** Adds to counters of a group. Resolves with where they stand then. */
  add(group: string, counts: Counts, until: number): Promise<Counts>;
  counts(group: string): Promise<Counts>;

  /** Writes a row durably, in the place of any other under its key. */
  append(row: Row): Promise<void>;
  /** The rows whose keys are `from` or above and below `to`, in order. Of any number: they come as they are read. */
  rows(from: string, to: string): AsyncIterable<Row>;
  /** Removes the rows below a key. */
  prune(below: string): Promise<void>;

  /** Whether it is reached. */
  health(): StoreHealth;
  close(): Promise<void>;
}

/** Told of what went wrong in a store and was survived. */
export type ReportFault = (what: string, error: unknown) => void;

/** A store that cannot be reached. */
export class StoreUnavailable extends GatewayError {
  constructor(message: string) {
    super('STORE_UNAVAILABLE', message, { retryable: true });
  }
}
