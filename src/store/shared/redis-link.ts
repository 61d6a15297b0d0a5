import { isLoss } from '../redis/failures.js';
import type { RedisStore } from '../redis/redis-store.js';
import { type ReportFault, type Store, StoreUnavailable } from '../store.js';

/** Runs work in Redis, and knows whether Redis is lost. */
export class RedisLink {
  /** Whether the spool may have something that Redis has not. */
  hasUnshipped = false;
  #isUp = false;
  #isComplete = false;
  #isClosed = false;

  constructor(
    readonly redis: RedisStore,
    private readonly report: ReportFault,
  ) {}

  get isUp(): boolean {
    return this.#isUp;
  }

  /** Whether Redis is in use and has what was recorded while it was lost. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** @throws StoreUnavailable while Redis is lost */
  assertUp(): void {
    if (!this.#isUp) throw new StoreUnavailable('Redis cannot be reached');
  }

  /** @throws StoreUnavailable while Redis is lost, or does not have the rows and counters of the spool yet */
  assertComplete(): void {
    this.assertUp();
    if (!this.#isComplete)
      throw new StoreUnavailable('Redis does not yet have what was recorded while it was lost');
  }

  /** Redis is in use from now on. */
  connect(): void {
    if (!this.#isClosed) this.#isUp = true;
  }

  /** Redis has from now on what was recorded while it was lost. */
  complete(): void {
    this.#isComplete = this.#isUp;
  }

  /** Redis may lack what was recorded before. */
  incomplete(): void {
    this.#isComplete = false;
  }

  /** Redis is lost. */
  lose(error?: unknown): void {
    if (this.#isUp && !this.#isClosed) {
      this.report('Redis is lost; the spool in DATA_DIR replaces it', error);
    }
    this.#isUp = false;
    this.#isComplete = false;
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
    if (this.#isUp) {
      try {
        return await this.run(work);
      } catch (error) {
        // A loss is reported by now.
        if (!isLoss(error)) throw error;
      }
    }
    // Redis may be back before the substitute has done its work.
    this.hasUnshipped = true;
    return work(substitute);
  }
}
