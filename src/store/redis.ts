import { setImmediate as nextTurn } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { CLAIM, DROP, HELD, LEASE, REFUND, RESERVE } from './redis-scripts.js';
import {
  type Claimed,
  type Counts,
  type Limit,
  type ReportFault,
  type Row,
  type Shortage,
  type Store,
  type StoreHealth,
  StoreUnavailable,
} from './store.js';

/** Longest that one command may take, in milliseconds. */
const COMMAND_TIMEOUT = 2000;
const MAX_RECONNECT = 1000;
const BATCH = 500;

/** Every command of ioredis has a variant that gives bytes as they are; its types leave this one out. */
interface GivesBytes {
  evalBuffer(script: string, keys: number, ...args: (string | number)[]): Promise<unknown>;
}

interface Seen {
  readonly fields: Map<string, number>;
  readonly until: number;
}

/** The store that all instances share: Redis from 6 on, or Valkey. Its keys share one hash slot. */
export class RedisStore implements Store {
  readonly #redis: Redis & GivesBytes;
  /** What each counter of a group last stood at. */
  readonly #seen = new Map<string, Seen>();

  /**
   * Connects in the background, and again whenever the connection is lost.
   *
   * @param namespace stands before every key
   * @param onChange is called when commands can be sent, and when they no longer can
   */
  constructor(
    url: string,
    private readonly namespace: string,
    report: ReportFault,
    onChange: () => void,
  ) {
    this.#redis = new Redis(url, {
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      connectTimeout: COMMAND_TIMEOUT,
      enableAutoPipelining: true,
      // A primary that has become a replica: its address may lead to the new one.
      reconnectOnError: ({ message }) => message.startsWith('READONLY'),
      retryStrategy: (times) => Math.min(50 * times, MAX_RECONNECT),
    }) as Redis & GivesBytes;
    let told = false;
    this.#redis.on('error', (error) => {
      if (!told) report('Redis cannot be reached', error);
      told = true;
    });
    this.#redis.on('close', onChange);
    this.#redis.on('ready', () => {
      told = false;
      onChange();
      this.#warnOfEviction(report);
    });
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    return (await this.#sent(this.#redis.getBuffer(this.#key(key)))) ?? undefined;
  }

  async put(key: string, bytes: Uint8Array, until: number): Promise<void> {
    const span = Math.max(1, Math.ceil(until - Date.now()));
    await this.#sent(this.#redis.set(this.#key(key), Buffer.from(bytes), 'PX', span));
  }

  async drop(key: string, bytes: Uint8Array): Promise<void> {
    await this.#sent(this.#redis.eval(DROP, 1, this.#key(key), Buffer.from(bytes)));
  }

  async lease(key: string, holder: string, span: number): Promise<string> {
    const holding = await this.#sent(
      this.#redis.eval(LEASE, 1, this.#key(`lease ${key}`), holder, Math.ceil(span)),
    );
    return String(holding);
  }

  async claim(key: string, holder: string, span: number, entries: readonly string[]): Promise<Claimed> {
    const keys = [`lease ${key}`, ...entries].map((name) => this.#key(name));
    const told = await this.#sent(
      this.#redis.evalBuffer(CLAIM, keys.length, ...keys, holder, Math.ceil(span)),
    );
    if (!Array.isArray(told)) return { holder: String(told) };
    return { entries: entries.map((_, index) => (Buffer.isBuffer(told[index]) ? told[index] : undefined)) };
  }

  async release(key: string, holder: string): Promise<void> {
    await this.#sent(this.#redis.eval(DROP, 1, this.#key(`lease ${key}`), holder));
  }

  /** @throws StoreUnavailable while a server that forgot what was spent is told again */
  async reserve(
    group: string,
    limits: readonly Limit[],
    wanted: number,
    until: number,
  ): Promise<Shortage | null> {
    const { short, granted, used } = await this.#counted(group, limits, until, wanted);
    if (short === HELD) throw new StoreUnavailable('Redis has forgotten what was spent and is told again');
    const lacking = limits[short];
    return lacking ? { field: lacking.field, used: used[short] ?? 0, granted } : null;
  }

  async #counted(group: string, limits: readonly Limit[], until: number, wanted: number) {
    const seen = this.#seenOf(group, until).fields;
    const keys = [this.#key(`group ${group}`), this.#key('epoch'), this.#key('hold')];
    const asked = limits.flatMap(({ field, limit }) => [field, limit, seen.get(field) ?? 0]);
    const told = await this.#sent(
      this.#redis.eval(RESERVE, keys.length, ...keys, Math.ceil(until), wanted, ...asked),
    );
    const [short = -1, granted = 0, ...used] = Array.isArray(told) ? told.map(Number) : [];
    for (const [index, { field }] of limits.entries()) seen.set(field, used[index] ?? 0);
    return { short, granted, used };
  }

  /** Tells a server that has forgotten what was spent what was last seen of it. */
  async restore(): Promise<void> {
    for (const [group, { fields, until }] of this.#seen) {
      const limits = [...fields.keys()].map((field) => ({ field, limit: Number.MAX_SAFE_INTEGER }));
      if (limits.length > 0) await this.#counted(group, limits, until, 0);
    }
  }

  async refund(group: string, fields: readonly string[]): Promise<void> {
    const told = await this.#sent(this.#redis.eval(REFUND, 1, this.#key(`group ${group}`), ...fields));
    const seen = this.#seen.get(group)?.fields;
    for (const [index, used] of (Array.isArray(told) ? told : []).entries()) {
      const field = fields[index];
      if (field !== undefined) seen?.set(field, Number(used));
    }
  }

  async add(group: string, counts: Counts, until: number): Promise<Counts> {
    const key = this.#key(`group ${group}`);
    const adding = this.#redis.multi();
    for (const [field, more] of Object.entries(counts)) adding.hincrby(key, field, more);
    adding.pexpireat(key, Math.ceil(until));
    const results = (await this.#sent(adding.exec())) ?? [];
    return Object.fromEntries(
      Object.keys(counts).map((field, index) => [field, Number(results[index]?.[1])]),
    );
  }

  async counts(group: string): Promise<Counts> {
    const all = await this.#sent(this.#redis.hgetall(this.#key(`group ${group}`)));
    return Object.fromEntries(Object.entries(all).map(([field, count]) => [field, Number(count)]));
  }

  append(row: Row): Promise<void> {
    return this.appendAll([row]);
  }

  async appendAll(rows: readonly Row[]): Promise<void> {
    const appending = this.#redis.multi();
    for (const { key, bytes } of rows) {
      appending.zadd(this.#key('journal'), 0, key);
      appending.hset(this.#key('rows'), key, Buffer.from(bytes));
    }
    const results = await this.#sent(appending.exec());
    const failed = results?.find(([error]) => error !== null);
    if (results === null || failed) throw failed?.[0] ?? new StoreUnavailable('Redis took no row');
  }

  async *rows(from: string, to: string): AsyncIterable<Row> {
    for (let start = `[${from}`; ; ) {
      const keys = await this.#journalKeys(start, `(${to}`);
      const rows = keys.length ? await this.#sent(this.#redis.hmgetBuffer(this.#key('rows'), ...keys)) : [];
      for (const [index, key] of keys.entries()) {
        const bytes = rows[index];
        if (bytes) yield { key, bytes };
      }
      if (keys.length < BATCH) return;
      start = `(${keys.at(-1)}`;
    }
  }

  async prune(below: string): Promise<void> {
    for (;;) {
      const keys = await this.#journalKeys('-', `(${below}`);
      if (keys.length === 0) return;
      const removing = this.#redis.multi();
      removing.zrem(this.#key('journal'), ...keys);
      removing.hdel(this.#key('rows'), ...keys);
      await this.#sent(removing.exec());
    }
  }

  /** Resolves where it answers. */
  async ping(): Promise<void> {
    await this.#sent(this.#redis.ping());
  }

  health(): StoreHealth {
    return this.#redis.status === 'ready' ? 'ok' : 'degraded';
  }

  async close(): Promise<void> {
    await this.#sent(this.#redis.quit()).catch(() => this.#redis.disconnect());
  }

  #journalKeys(start: string, end: string): Promise<string[]> {
    return this.#sent(this.#redis.zrangebylex(this.#key('journal'), start, end, 'LIMIT', 0, BATCH));
  }

  /** What a command brings, unless it takes too long. A busy process reads what has come before it gives up. */
  #sent<T>(command: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const giveUp = async () => {
        await nextTurn();
        await nextTurn();
        reject(new StoreUnavailable(`Redis did not answer within ${COMMAND_TIMEOUT} ms`));
      };
      const timer = setTimeout(giveUp, COMMAND_TIMEOUT);
      command.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }

  #seenOf(group: string, until: number): Seen {
    const known = this.#seen.get(group);
    if (known) return known;
    // counter groups are one a day: those of days gone by are of no more use.
    if (this.#seen.size > 2) this.#seen.clear();
    const seen: Seen = { fields: new Map(), until };
    this.#seen.set(group, seen);
    return seen;
  }

  #warnOfEviction(report: ReportFault): void {
    this.#sent(this.#redis.info('memory')).then(
      (info) => {
        const policy = /maxmemory_policy:(\S+)/.exec(info)?.[1];
        if (policy !== undefined && policy !== 'noeviction') {
          const advice = `Redis may evict what was paid for: maxmemory-policy is ${policy}, it should be noeviction`;
          report(advice, undefined);
        }
      },
      (error: unknown) => report('Redis does not tell its maxmemory-policy', error),
    );
  }

  #key(key: string): string {
    return `{${this.namespace}} ${key}`;
  }
}
