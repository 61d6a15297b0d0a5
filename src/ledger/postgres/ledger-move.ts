import type { LedgerInRedis } from '../../store/shared/shared-store.js';
import type { ReportFault } from '../../store/store.js';
import type { Database } from './database.js';
import { moveFromRedis } from './move-from-redis.js';
import type { Shipper } from './shipper.js';

/** Milliseconds until the next attempt after one has failed. */
const RETRY_DELAY = 5000;

export interface LedgerMoveSettings {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds that the ledger is kept. */
  readonly retention: number;
  readonly report: ReportFault;
}

/** Moves a ledger from Redis to PostgreSQL, in the background. */
export class LedgerMove {
  #isStopped = false;
  #hasReported = false;
  #retry: NodeJS.Timeout | undefined;

  /** @param redis the ledger there. Throws while it cannot be read */
  constructor(
    private readonly database: Database,
    private readonly shipper: Pick<Shipper, 'complete'>,
    private readonly redis: () => LedgerInRedis,
    private readonly settings: LedgerMoveSettings,
  ) {}

  /** Moves the ledger, and tries again later where that fails. Never rejects. */
  async run(): Promise<void> {
    const { now, retention, report } = this.settings;
    try {
      const accountId = await this.shipper.complete();
      await moveFromRedis(this.database, this.redis(), { accountId, now: now(), retention });
    } catch (error) {
      if (this.#isStopped) return;
      if (!this.#hasReported)
        report('the ledger in Redis could not be moved to PostgreSQL; retrying later', error);
      this.#hasReported = true;
      this.#retry = setTimeout(() => void this.run(), RETRY_DELAY).unref();
    }
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#retry);
  }
}
