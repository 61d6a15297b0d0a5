import type { EmbeddedJournal } from '../embedded/journal.js';
import type { Journal, Label, Row, StoreHealth } from '../journal.js';
import type { ReportFault } from '../store.js';
import type { RedisLink } from './redis-link.js';

/**
 * The journal in Redis, behind a spool on the local disk. The spool takes each row first, and a call waits for nothing
 * else. While Redis is lost, reads reject: the spool has the rows of this host only.
 */
export class SharedJournal implements Journal {
  constructor(
    private readonly spool: EmbeddedJournal,
    private readonly link: RedisLink,
    private readonly report: ReportFault,
  ) {}

  async append(row: Row): Promise<void> {
    if (await this.#appendToSpool(row)) void this.#ship(row);
  }

  async settle(row: Row): Promise<void> {
    // The spool comes first. Shipping relies on that: what it reads of the spool is at least as new as what Redis has.
    if (await this.#appendToSpool(row)) await Promise.all([this.spool.flushed(), this.#ship(row)]);
  }

  async remove(row: Pick<Row, 'key' | 'label'>): Promise<void> {
    try {
      await this.spool.remove(row);
    } finally {
      await this.#ship({ ...row, bytes: Buffer.alloc(0) });
    }
  }

  async *rows(from: string, to: string): AsyncIterable<Row> {
    this.link.assertComplete();
    yield* this.link.redis.journal.rows(from, to);
  }

  async label(from: string, to: string, labelOf: (row: Row) => Label | undefined): Promise<void> {
    this.link.assertComplete();
    await this.link.run(({ journal }) => journal.label(from, to, labelOf));
  }

  async prune(below: string): Promise<void> {
    await this.spool.prune(below);
    if (this.link.isUp) await this.link.run(({ journal }) => journal.prune(below));
  }

  /** Degraded while Redis lacks rows of the spool, or the spool takes none. */
  health(): StoreHealth {
    return this.link.isComplete && !this.link.hasUnshipped ? this.spool.health() : 'degraded';
  }

  /** Resolves with false where Redis took the row because the local disk does not. @throws Error where neither does */
  async #appendToSpool(row: Row): Promise<boolean> {
    try {
      await this.spool.append(row);
      return true;
    } catch (error) {
      if (!this.link.isUp) throw error;
      this.report('the spool could not store a row of the ledger; only Redis has it', error);
      await this.link.run(({ journal }) => journal.append(row));
      return false;
    }
  }

  /** Copies a row to Redis. Where Redis does not take it, it waits in the spool. */
  async #ship(row: Row): Promise<void> {
    if (!this.link.isUp) return;
    try {
      await this.link.run(({ journal }) => journal.append(row));
    } catch (error) {
      this.link.hasUnshipped = true;
      this.report('Redis did not accept a row of the ledger; it waits in the spool', error);
    }
  }
}
