import type { EmbeddedStore } from '../embedded/embedded-store.js';
import { isLoss, isReply } from '../redis/failures.js';
import type { ReportFault } from '../store.js';
import type { RedisLink } from './redis-link.js';
import { ship } from './ship.js';

/** How often a lost Redis is looked for, and one in use is asked whether it has lost anything, in milliseconds. */
const CHECK_INTERVAL = 500;
/** How often what Redis refused is sent to it again. */
const RESHIP_INTERVAL = 10_000;
/** How often rows that Redis has held for long enough are removed from the spool. */
const TRIM_INTERVAL = 600_000;

export interface RecoverySettings {
  /** The key of the first row that the spool still keeps: Redis has held earlier ones for long enough. */
  readonly firstSpooledKey: () => string;
  readonly report: ReportFault;
  /** Milliseconds between attempts to ship what Redis refused. Default: 10 s. */
  readonly reshipInterval?: number;
}

/** Connects to Redis once it is there, and ships to it what the spool took. */
export class Recovery {
  #underWay: Promise<void> | undefined;
  #isAsking = false;
  readonly #timers: readonly NodeJS.Timeout[];

  constructor(
    private readonly link: RedisLink,
    private readonly spool: EmbeddedStore,
    private readonly settings: RecoverySettings,
  ) {
    this.#timers = [
      setInterval(() => this.check(), CHECK_INTERVAL).unref(),
      setInterval(() => this.#reship(), settings.reshipInterval ?? RESHIP_INTERVAL).unref(),
      setInterval(() => void this.#trim(), TRIM_INTERVAL).unref(),
    ];
  }

  /** Whether the spool may have entries that have not been shipped yet. */
  get isPending(): boolean {
    return this.#underWay !== undefined || this.link.hasUnshipped;
  }

  /** Checks whether Redis is lost, or is back and needs what it missed. */
  check(): void {
    if (this.link.redis.health() !== 'ok') this.link.lose();
    else if (!this.link.isUp) this.#begin(() => this.#recover());
    else void this.#askForLosses();
  }

  /** Resolves once nothing is under way any more. */
  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.#underWay;
  }

  #begin(work: () => Promise<void>): void {
    if (this.link.isClosed) return;
    this.#underWay ??= work().finally(() => {
      this.#underWay = undefined;
    });
  }

  /** A server that was emptied, has failed over or has evicted keys may keep its connections. */
  async #askForLosses(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    try {
      if (!(await this.link.run((redis) => redis.hasLostData()))) return;
      this.#begin(() => {
        this.settings.report('Redis may have lost data; restoring what this instance remembers', undefined);
        return this.#recover();
      });
    } catch (error) {
      // A loss is reported by the link, and a refused write by those who need it.
      if (!isReply(error) && this.link.isUp)
        this.settings.report('could not check whether Redis has lost data', error);
    } finally {
      this.#isAsking = false;
    }
  }

  async #recover(): Promise<void> {
    const { redis } = this.link;
    try {
      this.link.incomplete();
      await redis.restore();
      // Shipping may take a while. Until it is done, the spool is read as well as Redis.
      this.link.connect();
      await this.#ship();
      this.link.complete();
    } catch (error) {
      // A loss is reported by the link, and why Redis cannot be used by its connection.
      this.link.lose(error);
    }
  }

  /** Ships the spool. What cannot be shipped stays there until the next time. @throws Error where Redis is lost */
  async #ship(): Promise<void> {
    // What the spool takes from here on sets it again. What is on its way into the spool arrives first.
    this.link.hasUnshipped = false;
    try {
      await this.spool.committed();
      await ship(this.spool, this.link.redis);
    } catch (error) {
      this.link.hasUnshipped = true;
      if (await this.#isLost(error)) {
        this.link.lose(error);
        throw error;
      }
      this.settings.report('the spool could not be shipped to Redis; retrying later', error);
    }
  }

  /** Whether Redis is lost, after an error that may be one of the spool. */
  async #isLost(error: unknown): Promise<boolean> {
    if (isReply(error)) return isLoss(error);
    return this.link.redis.hasLostData().then(
      () => false,
      () => true,
    );
  }

  #reship(): void {
    if (!this.link.isUp || !this.link.hasUnshipped) return;
    // A loss is reported by the link, and what waits is shipped after it.
    this.#begin(() => this.#ship().catch(() => undefined));
  }

  async #trim(): Promise<void> {
    if (!this.link.isUp || this.link.hasUnshipped) return;
    await this.spool.journal.prune(this.settings.firstSpooledKey()).catch((error: unknown) => {
      this.settings.report('old rows could not be removed from the spool', error);
    });
  }
}
