import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from 'lmdb';
import { END, type LmdbEnvironment } from './environment.js';

/** How many groups are read before other work gets the event loop. */
const BATCH = 200;
/** The record of the state that says that all groups are in the index. */
const INDEXED = 'counter groups are indexed';

/** When the counters of a group expire, and what their keys begin with. */
type GroupKey = [until: number, group: string];

/** Which groups of counters expire when, in all namespaces. */
export class CounterGroups {
  readonly #index: Database<true, GroupKey>;
  readonly #state: Database<number, string>;

  constructor(private readonly environment: LmdbEnvironment) {
    this.#index = environment.database('counter groups');
    this.#state = environment.database('state');
  }

  /** Call it in a transaction that writes a counter of the group. */
  add(group: string, until: number): void {
    if (!this.#index.doesExist([until, group])) this.#index.put([until, group], true);
  }

  /** Calls a function with each group that has counters that expire by `now`, and forgets the group once that is done. */
  async takeExpired(now: number, remove: (group: string) => Promise<void>): Promise<void> {
    for (let count = BATCH; count === BATCH; await nextTurn()) {
      this.environment.refresh();
      const expired = [...this.#index.getKeys({ start: [0], end: [now, END], limit: BATCH })];
      for (const [, group] of expired) await remove(group);
      count = expired.length;
      if (count === 0) return;
      await this.environment.transaction(() => {
        for (const key of expired) this.#index.remove(key);
      });
    }
  }

  /**
   * Adds the groups that versions before this index have written, or that were salvaged.
   *
   * @param separator ends the name of a group in the key of a counter
   */
  async addMissing(counters: Database<{ readonly until: number }, string>, separator: string): Promise<void> {
    this.environment.refresh();
    if (this.#state.get(INDEXED) !== undefined) return;
    for (let from: string | undefined = ''; from !== undefined; await nextTurn()) {
      const start: string = from;
      from = await this.environment.transaction(() => this.#addBatch(counters, separator, start));
    }
    await this.environment.transaction(() => this.#state.put(INDEXED, 1));
  }

  /** Returns the key at which the next batch begins; undefined at the end. */
  #addBatch(
    counters: Database<{ readonly until: number }, string>,
    separator: string,
    from: string,
  ): string | undefined {
    let start = from;
    for (let count = 0; count < BATCH; count += 1) {
      const [first] = counters.getRange({ start, limit: 1 });
      if (first === undefined) return undefined;
      // The counters of a group expire together.
      const group = first.key.slice(0, first.key.indexOf(separator) + 1);
      this.add(group, first.value.until);
      start = group + END;
    }
    return start;
  }
}
