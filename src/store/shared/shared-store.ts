import type { EmbeddedStore } from '../embedded/embedded-store.js';
import type { RedisStore } from '../redis/redis-store.js';
import type { CounterStore, EntryStore, LeaseStore, Store, StoreHealth } from '../store.js';
import { Recovery, type RecoverySettings } from './recovery.js';
import { RedisLink } from './redis-link.js';
import { SharedJournal } from './shared-journal.js';

/** A ledger in Redis that is moved elsewhere. */
export interface LedgerInRedis {
  readonly journal: Pick<RedisStore['journal'], 'rows' | 'removeUnchanged'>;
  readonly counters: Pick<CounterStore, 'readAll'>;
}

/**
 * Redis, with a spool on the local disk that replaces it while it is lost. What the spool took meanwhile is shipped to
 * Redis once it is back. Rows of the journal go to both and are shipped again after each loss, since a server that crashed
 * may have lost the last of them. Reservations need Redis: without it, nobody knows what the other instances spend.
 *
 * A command that Redis refuses, as at `maxmemory`, fails by itself. Only leases then use the spool: they keep the processes
 * of one host from buying an answer twice.
 */
export class SharedStore implements Store {
  readonly entries: EntryStore = {
    get: async (key) => {
      const found = await this.#either(({ entries }) => entries.get(key));
      return found ?? (this.#recovery.isPending ? this.spool.entries.get(key) : undefined);
    },
    put: (...entry) => this.#either(({ entries }) => entries.put(...entry)),
    drop: (key, bytes) => this.#either(({ entries }) => entries.drop(key, bytes)),
  };

  readonly leases: LeaseStore = {
    take: (key, holder, duration) => this.#leased(({ leases }) => leases.take(key, holder, duration)),
    claim: async (key, holder, duration, entries) => {
      const spooled = this.#recovery.isPending
        ? await Promise.all(entries.map((entry) => this.spool.entries.get(entry).catch(() => undefined)))
        : [];
      if (spooled.some((bytes) => bytes !== undefined)) return { entries: spooled };
      return this.#leased(({ leases }) => leases.claim(key, holder, duration, entries));
    },
    watch: (key, holder, onEnd) =>
      (this.#link.isUp ? this.redis : this.spool).leases.watch(key, holder, onEnd),
    release: async (key, holder) => {
      await Promise.all([
        this.spool.leases.release(key, holder),
        this.#link.isUp ? this.#link.run(({ leases }) => leases.release(key, holder)) : undefined,
      ]);
    },
  };

  /** While Redis is lost, reservations and reads reject, and what cannot be refunded stays spent: it might count twice. */
  readonly counters: CounterStore = {
    reserve: (group, limits, wanted, until) =>
      this.#inRedis(({ counters }) => counters.reserve(group, limits, wanted, until)),
    refund: async (group, fields) => {
      if (this.#link.isUp) await this.#link.run(({ counters }) => counters.refund(group, fields));
    },
    reserved: (group, fields) => this.#inRedis(({ counters }) => counters.reserved(group, fields)),
    add: (group, counts, until) => this.#either(({ counters }) => counters.add(group, counts, until)),
    read: (group, fields) => this.#inRedis(({ counters }) => counters.read(group, fields)),
    readAll: async (group) => {
      this.#link.assertComplete();
      return this.#link.run(({ counters }) => counters.readAll(group));
    },
  };

  readonly journal: SharedJournal;
  readonly #link: RedisLink;
  readonly #recovery: Recovery;

  constructor(
    private readonly redis: RedisStore,
    private readonly spool: EmbeddedStore,
    settings: RecoverySettings,
  ) {
    this.#link = new RedisLink(redis, settings.report);
    this.#recovery = new Recovery(this.#link, spool, settings);
    this.journal = new SharedJournal(spool.journal, this.#link, settings.report);
  }

  /** Checks whether Redis is lost, or is back and needs what it missed. */
  check(): void {
    this.#recovery.check();
  }

  /** The ledger that Redis has kept. @throws StoreUnavailable while Redis is lost, or lacks what the spool took */
  ledgerInRedis(): LedgerInRedis {
    this.#link.assertComplete();
    return this.redis;
  }

  /** Whether Redis is in use, and has what the spool took while it was not. */
  get isComplete(): boolean {
    return this.#link.isComplete;
  }

  /** Degraded while Redis is lost or lacks what the spool took, or the disk of the spool is. */
  health(): StoreHealth {
    return this.#link.isComplete ? this.spool.health() : 'degraded';
  }

  async close(): Promise<void> {
    this.#link.close();
    await this.#recovery.close();
    await this.redis.close();
    await this.spool.close();
  }

  /** Does something in Redis; in the spool where Redis is lost. */
  #either<T>(work: (store: Store) => Promise<T>): Promise<T> {
    return this.#link.runOr(this.spool, work);
  }

  /** Does something in Redis; in the spool where Redis is lost or refuses the command. */
  #leased<T>(work: (store: Store) => Promise<T>): Promise<T> {
    return this.#either(work).catch(() => work(this.spool));
  }

  /** Does something in Redis. @throws StoreUnavailable while Redis is lost */
  async #inRedis<T>(work: (store: Store) => Promise<T>): Promise<T> {
    this.#link.assertUp();
    return this.#link.run(work);
  }
}
