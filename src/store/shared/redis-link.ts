import { isLoss } from '../redis/failures.js';
import type { RedisStore } from '../redis/redis-store.js';
import { type ReportFault, type Store, StoreUnavailable } from '../store.js';

/** Runs work in Redis, and knows whether Redis is lost. */
export class RedisLink {
  /** Whether the spool has something that Redis refused. */
  hasUnshipped = false;
  #isUp = false;
  #isClosed = false;

  constructor(
    readonly redis: RedisStore,
    private readonly report: ReportFault,
  ) {}

  get isUp(): boolean {
    return this.#isUp;
  }

  /** @throws StoreUnavailable while Redis is lost */
  assertUp(): void {
    if (!this.#isUp) throw new StoreUnavailable('Redis cannot be reached');
  }

  /** Redis is in use from now on. */
  connect(): void {
    if (!this.#isClosed) this.#isUp = true;
  }

  /** Redis is lost. */
  lose(error?: unknown): void {
    if (this.#isUp && !this.#isClosed) {
      this.report('Redis is lost: the spool on the local disk replaces it', error);
    }
    this.#isUp = false;
  }

  /** Connections that end from now on are no loss. */
  close(): void {
    this.#isClosed = true;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Does something in Redis. A failure may mean that Redis is lost. */
  async run<T>(work: (store: RedisStore) => Promise<T>): Promise<T> {
    try {
      return await work(this.redis);
    } catch (error) {
      if (isLoss(error)) this.lose(error);
      throw error;
    }
  }

  /** Does something in Redis, and in `substitute` while Redis is lost. @throws ReplyError where Redis refuses the command */
  async runOr<T>(substitute: Store, work: (store: Store) => Promise<T>): Promise<T> {
    if (!this.#isUp) return work(substitute);
    try {
      return await this.run(work);
    } catch (error) {
      if (!isLoss(error)) throw error;
      // Reported as a loss by now.
      return work(substitute);
    }
  }
}
