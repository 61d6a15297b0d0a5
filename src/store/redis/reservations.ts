import { setTimeout as sleep } from 'node:timers/promises';
import { type Counts, type Limit, type Shortage, StoreUnavailable } from '../store.js';
import { uniqueId } from '../unique-id.js';
import type { RedisConnection } from './connection.js';
import { REFUND, RESERVE } from './scripts/reservation-scripts.js';

/** A counter as it was in one epoch of Redis. */
export interface RememberedCounter {
  readonly group: string;
  readonly field: string;
  readonly count: number;
  /** When it expires, in milliseconds since 1970. */
  readonly until: number;
}

/** Remembers counters across restarts of this process: a `field` is an epoch, a blank and the name of the counter. */
export interface CounterMemory {
  all(): AsyncIterable<RememberedCounter>;
  /** Resolves once the counters survive the end of this process. */
  raise(group: string, counts: Counts, until: number): Promise<void>;
}

interface Seen {
  readonly count: number;
  readonly epoch: string;
}

interface SeenGroup {
  readonly until: number;
  readonly counters: Map<string, Seen>;
}

interface Reply {
  readonly epoch: string;
  /** Milliseconds until something may be reserved. */
  readonly held: number;
  readonly short: number;
  readonly granted: number;
  readonly used: readonly number[];
}

/** Groups are one a day and one a month: those that expire first are forgotten. */
const MAX_GROUPS_SEEN = 4;
/** Counters that one script restores. */
const BATCH = 500;
/** How many holds one reservation waits for. A server that keeps losing its counters begins one after the other. */
const MAX_HOLDS = 3;

/**
 * Reservations in Redis. Every instance remembers what it last saw, so that a server that lost reservations gets them back
 * before anything more is reserved.
 */
export class RedisReservations {
  readonly #seen = new Map<string, SeenGroup>();
  /**
   * The epoch to which everything that this instance remembers was reported; empty where something is left. Undefined: what
   * the processes before it remember was not reported yet either.
   */
  #epoch: string | undefined;

  /** @param memory undefined: what was seen is forgotten with this process */
  constructor(
    private readonly redis: RedisConnection,
    private readonly memory: CounterMemory | undefined,
  ) {}

  /** Waits while a server that may have lost reservations is being restored. @throws StoreUnavailable if that does not end */
  async reserve(
    group: string,
    limits: readonly Limit[],
    wanted: number,
    until: number,
  ): Promise<Shortage | null> {
    for (let holds = 0; holds <= MAX_HOLDS; holds++) {
      const { held, short, granted, used, epoch } = await this.#run(group, limits, until, wanted);
      if (held > 0) {
        await sleep(held);
        continue;
      }
      await this.#remember(group, limits, used, until, epoch);
      const limit = limits[short];
      return limit ? { field: limit.field, used: used[short] ?? 0, granted } : null;
    }
    throw new StoreUnavailable('Redis keeps losing its counters');
  }

  async refund(group: string, fields: readonly string[]): Promise<void> {
    const { client } = this.redis;
    const reply = await this.redis.completed(client.eval(REFUND, 1, this.#key, group, ...fields));
    const [epoch, ...values] = Array.isArray(reply) ? reply : [];
    const counters = this.#seen.get(group)?.counters;
    for (const [index, field] of fields.entries()) {
      const count = Number(values[index] ?? -1);
      if (count >= 0 && counters?.get(field)?.epoch === epoch) counters?.set(field, { count, epoch });
    }
  }

  async reserved(group: string, fields: readonly string[]): Promise<Counts> {
    const names = fields.map((field) => `+${group}\n${field}`);
    const values = await this.redis.completed(this.redis.client.hmget(this.#key, ...names));
    return new Map(fields.map((field, index) => [field, Number(values[index] ?? 0)]));
  }

  /** Whether Redis has begun an epoch to which this instance has not reported what it remembers. */
  async isNewEpoch(): Promise<boolean> {
    const { epoch } = await this.#run('', [], 0, 0);
    return epoch !== this.#epoch;
  }

  /** Reports what this instance and the processes before it remember. */
  async restore(): Promise<void> {
    const { epoch } = await this.#run('', [], 0, 0);
    if (this.#epoch === undefined) await this.#restoreMemory();
    this.#epoch = epoch;
    try {
      for (const [group, { counters, until }] of this.#seen) {
        await this.#restoreGroup(group, until, [...counters]);
      }
    } catch (error) {
      this.#epoch = '';
      throw error;
    }
  }

  /** One counter may have been remembered in several epochs. */
  async #restoreMemory(): Promise<void> {
    const groups = new Map<string, { readonly until: number; readonly counters: [string, Seen][] }>();
    for await (const { group, field, count, until } of this.memory?.all() ?? []) {
      const [epoch = ''] = field.split(' ', 1);
      const known = groups.get(group) ?? { until, counters: [] };
      known.counters.push([field.slice(epoch.length + 1), { count, epoch }]);
      groups.set(group, known);
    }
    for (const [group, { until, counters }] of groups) await this.#restoreGroup(group, until, counters);
  }

  async #restoreGroup(group: string, until: number, counters: [string, Seen][]): Promise<void> {
    if (until <= Date.now()) return;
    for (let start = 0; start < counters.length; start += BATCH) {
      const batch = counters.slice(start, start + BATCH);
      const limits = batch.map(([field]) => ({ field, limit: Number.MAX_SAFE_INTEGER }));
      const remembered = batch.map(([, seen]) => seen);
      await this.#run(group, limits, until, 0, remembered);
    }
  }

  async #run(
    group: string,
    limits: readonly Limit[],
    until: number,
    wanted: number,
    remembered: readonly (Seen | undefined)[] = limits.map(({ field }) => this.#seenOf(group, field)),
  ): Promise<Reply> {
    const counters = limits.flatMap(({ field, limit }, index) => {
      const { count, epoch } = remembered[index] ?? { count: 0, epoch: '' };
      return [field, limit, count, epoch];
    });
    const { client } = this.redis;
    const args = [group, Math.ceil(until), wanted, uniqueId(), ...counters];
    const reply = await this.redis.completed(client.eval(RESERVE, 1, this.#key, ...args));
    const epoch = Array.isArray(reply) ? String(reply[0]) : '';
    const [held = 0, short = -1, granted = 0, ...used] = numbersIn(reply).slice(1);
    for (const [index, { field }] of limits.entries()) {
      this.#see(group, until, field, remembered[index], { count: used[index] ?? 0, epoch });
    }
    return { epoch, held, short, granted, used };
  }

  async #remember(
    group: string,
    limits: readonly Limit[],
    used: readonly number[],
    until: number,
    epoch: string,
  ): Promise<void> {
    const counts = limits.map(({ field }, index): [string, number] => [
      `${epoch} ${field}`,
      used[index] ?? 0,
    ]);
    await this.memory?.raise(group, new Map(counts), until);
  }

  /**
   * Replies of an epoch may arrive after a command for the next one was sent. What they brought is then not reported yet,
   * and is kept until it is.
   *
   * @param reported what the command reported
   */
  #see(group: string, until: number, field: string, reported: Seen | undefined, current: Seen): void {
    const { counters } = this.#groupSeen(group, until);
    const known = counters.get(field);
    if (known && known.epoch !== current.epoch && known.count > (reported?.count ?? 0)) this.#epoch = '';
    else counters.set(field, current);
  }

  #seenOf(group: string, field: string): Seen | undefined {
    return this.#seen.get(group)?.counters.get(field);
  }

  #groupSeen(group: string, until: number): SeenGroup {
    const known = this.#seen.get(group);
    if (known) return known;
    const [first] = [...this.#seen].sort(([, a], [, b]) => a.until - b.until);
    if (first && this.#seen.size >= MAX_GROUPS_SEEN) this.#seen.delete(first[0]);
    const seen: SeenGroup = { until, counters: new Map() };
    this.#seen.set(group, seen);
    return seen;
  }

  get #key(): string {
    return this.redis.key('reservations');
  }
}

function numbersIn(reply: unknown): number[] {
  return Array.isArray(reply) ? reply.map(Number) : [];
}
