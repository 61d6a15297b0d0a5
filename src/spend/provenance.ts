import type { SearchKeyKind } from '../qcc/search-key.js';
import type { ReportFault, Store } from '../store/store.js';
import { dayOf } from './day.js';

const DAY = 86_400_000;
const FLUSH_EVERY = 1000;

/** How a case was known whose detail was asked: from the list of a company searched by such a key, or by its id alone. */
export type FoundBy = SearchKeyKind | 'ID';

/**
 * Counts details that were asked, by how their cases were known. One company's cases are told under its name, its KeyNo
 * and its codes alike: who has seen one list only cannot tell which of its cases have been bought through another.
 */
export class Provenance {
  #unwritten = new Map<string, Map<FoundBy, number>>();
  readonly #flusher: NodeJS.Timeout;

  /**
   * @param lifetime milliseconds that a detail serves
   * @param now milliseconds since 1970
   */
  constructor(
    private readonly store: Pick<Store, 'add' | 'counts'>,
    private readonly lifetime: number,
    private readonly now: () => number,
    private readonly report: ReportFault,
  ) {
    this.#flusher = setInterval(() => void this.flush(), FLUSH_EVERY).unref();
  }

  note(foundBy: FoundBy): void {
    this.#count(dayOf(this.now()), foundBy, 1);
  }

  /** How many details may be kept, at most, whose cases were known otherwise. */
  async otherThan(foundBy: FoundBy): Promise<number> {
    let count = 0;
    for (let time = this.now(); time > this.now() - this.lifetime - DAY; time -= DAY) {
      const day = dayOf(time);
      const written = await this.store.counts(tallyOf(day)).catch(() => ({}));
      for (const [known, asked] of [...Object.entries(written), ...(this.#unwritten.get(day) ?? [])]) {
        if (known !== foundBy) count += asked;
      }
    }
    return count;
  }

  async flush(): Promise<void> {
    const unwritten = this.#unwritten;
    this.#unwritten = new Map();
    for (const [day, counts] of unwritten) {
      try {
        const until = this.now() + this.lifetime + 2 * DAY;
        await this.store.add(tallyOf(day), Object.fromEntries(counts), until);
      } catch (error) {
        this.report('estimates count details later', error);
        for (const [foundBy, count] of counts) this.#count(day, foundBy, count);
      }
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#flusher);
    await this.flush();
  }

  #count(day: string, foundBy: FoundBy, more: number): void {
    const counts = this.#unwritten.get(day) ?? new Map<FoundBy, number>();
    counts.set(foundBy, (counts.get(foundBy) ?? 0) + more);
    this.#unwritten.set(day, counts);
  }
}

function tallyOf(day: string): string {
  return `details ${day}`;
}
