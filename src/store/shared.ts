import type { EmbeddedStore } from './embedded.js';
import type { RedisStore } from './redis.js';
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

/** How often a store that was lost is looked for, in milliseconds. */
const LOOK_EVERY = 500;
/** How often the rows are thinned out that the spool holds a second time. */
const THIN_EVERY = 600_000;
const BATCH = 500;

export interface SharedSettings {
  /** Where keys of rows begin that the spool may forget, for Redis has held them long enough. */
  readonly spooledSince: () => string;
  readonly report: ReportFault;
}

/**
 * Redis, with a spool on the local disk that takes its place while it is lost. What was kept meanwhile is told to Redis
 * when it is back. Rows of the journal go to both, and are told again after each loss, for a server that crashed may
 * have forgotten the last of them. Reservations alone wait for Redis: without it nobody knows what the others spend.
 */
export class SharedStore implements Store {
  #up = false;
  #closed = false;
  #catchingUp: Promise<void> | undefined;
  readonly #looker: NodeJS.Timeout;
  readonly #thinner: NodeJS.Timeout;

  constructor(
    private readonly redis: RedisStore,
    private readonly spool: EmbeddedStore,
    private readonly settings: SharedSettings,
  ) {
    this.#looker = setInterval(() => this.look(), LOOK_EVERY).unref();
    this.#thinner = setInterval(() => void this.#thin(), THIN_EVERY).unref();
  }

  /** Sees whether Redis is lost, or is back and must be told what it missed. */
  look(): void {
    if (this.redis.health() !== 'ok') this.#lose();
    else if (!this.#up && !this.#closed) this.#recover();
  }

  #recover(): void {
    this.#catchingUp ??= this.#catchUp().finally(() => {
      this.#catchingUp = undefined;
    });
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    const found = await this.#either(
      () => this.redis.get(key),
      () => this.spool.get(key),
    );
    return found ?? (this.#catchingUp ? this.spool.get(key) : undefined);
  }

  put(key: string, bytes: Uint8Array, until: number): Promise<void> {
    return this.#either(
      () => this.redis.put(key, bytes, until),
      () => this.spool.put(key, bytes, until),
    );
  }

  drop(key: string, bytes: Uint8Array): Promise<void> {
    return this.#either(
      () => this.redis.drop(key, bytes),
      () => this.spool.drop(key, bytes),
    );
  }

  lease(key: string, holder: string, span: number): Promise<string> {
    return this.#either(
      () => this.redis.lease(key, holder, span),
      () => this.spool.lease(key, holder, span),
    );
  }

  async claim(key: string, holder: string, span: number, entries: readonly string[]): Promise<Claimed> {
    // What Redis has not been told yet lies in the spool alone.
    const spooled = this.#catchingUp
      ? await Promise.all(entries.map((entry) => this.spool.get(entry).catch(() => undefined)))
      : [];
    if (spooled.some((bytes) => bytes !== undefined)) return { entries: spooled };
    return this.#either(
      () => this.redis.claim(key, holder, span, entries),
      () => this.spool.claim(key, holder, span, entries),
    );
  }

  async release(key: string, holder: string): Promise<void> {
    await this.spool.release(key, holder);
    if (this.#up) await this.#tried(() => this.redis.release(key, holder));
  }

  /** @throws StoreUnavailable while Redis is lost */
  async reserve(
    group: string,
    limits: readonly Limit[],
    wanted: number,
    until: number,
  ): Promise<Shortage | null> {
    if (!this.#up) throw new StoreUnavailable('Redis cannot be reached');
    return this.#tried(() => this.redis.reserve(group, limits, wanted, until));
  }

  /** What cannot be given back stays spent: told later, it might be given back twice. */
  async refund(group: string, fields: readonly string[]): Promise<void> {
    if (this.#up) await this.#tried(() => this.redis.refund(group, fields));
  }

  add(group: string, counts: Counts, until: number): Promise<Counts> {
    return this.#either(
      () => this.redis.add(group, counts, until),
      () => this.spool.add(group, counts, until),
    );
  }

  /** @throws StoreUnavailable while Redis is lost: the spool knows this host's part alone */
  async counts(group: string): Promise<Counts> {
    if (!this.#up) throw new StoreUnavailable('Redis cannot be reached');
    return this.#tried(() => this.redis.counts(group));
  }

  async append(row: Row): Promise<void> {
    // At once: what is put after it is not to be seen before it.
    const told = this.#up
      ? this.#tried(() => this.redis.append(row)).catch((error: unknown) => {
          this.settings.report('a row of the ledger waits in the spool', error);
        })
      : undefined;
    await Promise.all([this.spool.append(row), told]);
  }

  /** @throws StoreUnavailable while Redis is lost: the spool knows this host's part alone */
  async *rows(from: string, to: string): AsyncIterable<Row> {
    if (!this.#up) throw new StoreUnavailable('Redis cannot be reached');
    yield* this.redis.rows(from, to);
  }

  async prune(below: string): Promise<void> {
    await this.spool.prune(below);
    if (this.#up) await this.#tried(() => this.redis.prune(below));
  }

  health(): StoreHealth {
    return this.#up ? 'ok' : 'degraded';
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#looker);
    clearInterval(this.#thinner);
    await this.#catchingUp;
    await this.redis.close();
    await this.spool.close();
  }

  async #either<T>(shared: () => Promise<T>, local: () => Promise<T>): Promise<T> {
    if (!this.#up) return local();
    try {
      return await this.#tried(shared);
    } catch {
      return local();
    }
  }

  /** Does something in Redis; a failure means that it is lost. */
  async #tried<T>(shared: () => Promise<T>): Promise<T> {
    try {
      return await shared();
    } catch (error) {
      this.#lose(error);
      throw error;
    }
  }

  #lose(error?: unknown): void {
    if (this.#up && !this.#closed) {
      this.settings.report('Redis is lost: the spool on the local disk takes its place', error);
    }
    this.#up = false;
  }

  async #catchUp(): Promise<void> {
    try {
      await this.redis.restore();
      await this.redis.ping();
      await this.#tell();
      this.#up = true;
      // What was kept while the rest was told.
      await this.#tell();
    } catch (error) {
      this.#up = false;
      this.settings.report('Redis could not be told what it missed', error);
    }
  }

  async #tell(): Promise<void> {
    for await (const { key, bytes, until } of this.spool.entries()) {
      await this.redis.put(key, bytes, until);
      await this.spool.drop(key, bytes);
    }
    const taken = await this.spool.takeCounts();
    for (let next = taken.shift(); next; next = taken.shift()) {
      const { group, field, count, until } = next;
      try {
        await this.redis.add(group, { [field]: count }, until);
      } catch (error) {
        for (const one of [next, ...taken]) {
          await this.spool.add(one.group, { [one.field]: one.count }, one.until);
        }
        throw error;
      }
    }
    let batch: Row[] = [];
    for await (const row of this.spool.rows('', '\uffff')) {
      batch.push(row);
      if (batch.length < BATCH) continue;
      await this.redis.appendAll(batch);
      batch = [];
    }
    if (batch.length > 0) await this.redis.appendAll(batch);
  }

  async #thin(): Promise<void> {
    if (!this.#up) return;
    await this.spool.prune(this.settings.spooledSince()).catch((error: unknown) => {
      this.settings.report('the spool could not be thinned out', error);
    });
  }
}
