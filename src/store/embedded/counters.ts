import type { Database } from 'lmdb';
import type { Label } from '../journal.js';
import type { CounterStore, Counts, Limit, Shortage } from '../store.js';
import { CounterGroups } from './counter-groups.js';
import { END, type LmdbEnvironment } from './environment.js';

interface Counter {
  readonly count: number;
  /** When it expires, in milliseconds since 1970. */
  readonly until: number;
}

/** A counter with its group, name and value. */
export interface CounterRecord extends Counter {
  readonly group: string;
  readonly field: string;
}

/** Parts a group's name from the name of its counter. */
const SEPARATOR = '\n';
/** The counters of one namespace. */
export class EmbeddedCounters implements CounterStore {
  readonly #records: Database<Counter, string>;
  readonly #groups: CounterGroups;
  /**
   * What the transaction in progress has changed, by key; undefined: removed. It is written at the end: the rows of one tick
   * change the same counters.
   */
  readonly #changed = new Map<string, Counter | undefined>();

  /** @param prefix of every group */
  constructor(
    private readonly environment: LmdbEnvironment,
    private readonly prefix: string,
  ) {
    this.#records = environment.database('counters');
    this.#groups = new CounterGroups(environment);
    environment.beforeCommit(() => this.#write());
  }

  /** Adds `wanted` to each counter, or as much as all limits allow. */
  reserve(group: string, limits: readonly Limit[], wanted: number, until: number): Promise<Shortage | null> {
    return this.environment.transaction(() => {
      const counters = limits.map(({ field, limit }) => ({ field, limit, used: this.#count(group, field) }));
      const room = Math.min(...counters.map(({ limit, used }) => limit - used));
      const granted = Math.max(0, Math.min(wanted, room));
      if (granted > 0) {
        for (const { field, used } of counters) this.#set(group, field, used + granted, until);
      }
      if (granted === wanted) return null;
      const short = counters.find(({ limit, used }) => limit - used <= granted);
      return short ? { field: short.field, used: short.used + granted, granted } : null;
    });
  }

  async refund(group: string, fields: readonly string[]): Promise<void> {
    await this.environment.transaction(() => {
      for (const field of fields) {
        const counter = this.#counter(this.#key(group, field));
        if (counter && counter.count > 0) this.#set(group, field, counter.count - 1, counter.until);
      }
    });
  }

  async add(group: string, counts: Counts, until: number): Promise<Counts> {
    return this.environment.transaction(() => {
      const values = new Map<string, number>();
      for (const [field, count] of counts) {
        const value = this.#count(group, field) + count;
        values.set(field, value);
        this.#set(group, field, value, until);
      }
      return values;
    });
  }

  reserved(group: string, fields: readonly string[]): Promise<Counts> {
    return this.read(group, fields);
  }

  async read(group: string, fields: readonly string[]): Promise<Counts> {
    this.environment.refresh();
    return new Map(fields.map((field) => [field, this.#records.get(this.#key(group, field))?.count ?? 0]));
  }

  /** @throws StoreUnavailable once DATA_DIR was removed */
  async readAll(group: string): Promise<Counts> {
    this.environment.assertPresent();
    const start = this.#key(group, '');
    const counts = new Map<string, number>();
    for await (const batch of this.environment.readBatches(this.#records, { start, end: start + END })) {
      for (const { key, value } of batch) counts.set(key.slice(start.length), value.count);
    }
    return counts;
  }

  /** Adds to a counter, and removes it at 0. Call it in a transaction. */
  change({ group, field, until }: Label, change: number): void {
    const count = this.#count(group, field) + change;
    if (count > 0) this.#set(group, field, count, until);
    else this.#changed.set(this.#key(group, field), undefined);
  }

  /** Sets counters of a group to values, unless they are higher. */
  async raise(group: string, counts: Counts, until: number): Promise<void> {
    await this.environment.transaction(() => {
      for (const [field, count] of counts) {
        if (count > this.#count(group, field)) this.#set(group, field, count, until);
      }
    });
  }

  /** All counters that have not expired. */
  async *all(): AsyncIterable<CounterRecord> {
    const range = { start: this.prefix, end: this.prefix + END };
    for await (const record of this.environment.read(this.#records, range)) {
      if (record.value.until > Date.now()) yield this.#recordOf(record);
    }
  }

  /** Removes all counters and returns them. */
  takeAll(): Promise<CounterRecord[]> {
    return this.environment.transaction(() => this.take('', Number.POSITIVE_INFINITY));
  }

  /**
   * Removes counters of the groups whose names begin with a text, and returns them. Call it in a transaction.
   *
   * @param limit the most that are removed
   */
  take(groups: string, limit: number): CounterRecord[] {
    this.#write();
    const start = this.prefix + groups;
    const taken: CounterRecord[] = [];
    for (const record of this.#records.getRange({ start, end: start + END })) {
      if (taken.length >= limit) break;
      taken.push(this.#recordOf(record));
    }
    for (const { group, field } of taken) this.#records.remove(this.#key(group, field));
    return taken;
  }

  /** Whether a group whose name begins with a text has a counter, as of the latest commit. */
  has(groups: string): boolean {
    this.environment.refresh();
    const start = this.prefix + groups;
    return this.#records.getKeysCount({ start, end: start + END, limit: 1 }) > 0;
  }

  /** Removes what has expired by `now`, in every namespace. */
  async sweep(now: number): Promise<void> {
    await this.#groups.addMissing(this.#records, SEPARATOR);
    await this.#groups.takeExpired(now, (group) =>
      this.environment.remove(this.#records, { start: group, end: group + END }, ({ until }) => until <= now),
    );
  }

  #recordOf({ key, value }: { readonly key: string; readonly value: Counter }): CounterRecord {
    const [group = '', ...field] = key.slice(this.prefix.length).split(SEPARATOR);
    return { group, field: field.join(SEPARATOR), ...value };
  }

  #count(group: string, field: string): number {
    return this.#counter(this.#key(group, field))?.count ?? 0;
  }

  /** Call it in a transaction. */
  #counter(key: string): Counter | undefined {
    return this.#changed.has(key) ? this.#changed.get(key) : this.#records.get(key);
  }

  #set(group: string, field: string, count: number, until: number): void {
    this.#changed.set(this.#key(group, field), { count, until });
  }

  #write(): void {
    const groups = new Map<string, number>();
    for (const [key, counter] of this.#changed) {
      if (counter) this.#records.put(key, counter);
      else this.#records.remove(key);
      if (counter) groups.set(key.slice(0, key.indexOf(SEPARATOR) + 1), counter.until);
    }
    for (const [group, until] of groups) this.#groups.add(group, until);
    this.#changed.clear();
  }

  #key(group: string, field: string): string {
    return this.prefix + group + SEPARATOR + field;
  }
}
